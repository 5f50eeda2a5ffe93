/**
 * The folder of a user in which programs keep what can be made anew.
 * @param platform  as Node names it
 * @param home      the user's own folder
 */
export function userCache(
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME']
  if (platform === 'darwin') return `${home}/Library/Caches`
  if (platform === 'win32' && env['LOCALAPPDATA']) return env['LOCALAPPDATA']
  return `${home}/.cache`
}
