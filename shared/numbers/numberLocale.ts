/**
 * The country whose numbers the user writes, as a BCP 47 tag: what POSIX's environment says of numbers, else what the
 * system says.
 * @param system  its locale, where the environment says nothing
 */
export function numberLocale(env: Readonly<Record<string, string | undefined>>, system: string): string {
  const said = [env.LC_ALL, env.LC_NUMERIC, env.LANG].find((value) => value)
  if (said === undefined) return system
  const [tag] = said.split(/[.@]/)
  return tag === 'C' || tag === 'POSIX' ? 'en' : tag.replaceAll('_', '-')
}
