import { LabError } from '#shared/domain/labError.ts'

const longest = 200

/** A name as it is stored. @throws LabError badInput where it is blank or too long */
export function checkedName(name: string, what: string): string {
  const trimmed = name.trim()
  if (trimmed === '') throw new LabError('badInput', `The ${what} needs a name that is not blank.`)
  if (trimmed.length > longest) {
    throw new LabError(
      'badInput',
      `The ${what}'s name has ${trimmed.length} characters; use at most ${longest}.`,
    )
  }
  return trimmed
}

/** An id, if that is what the text is. */
export function asId(idOrName: string): number | null {
  return /^[1-9]\d{0,14}$/.test(idOrName.trim()) ? Number(idOrName) : null
}

/** e.g. `3 "edges", 2 "bars" and 7 more` */
export function nameSome(things: readonly { id: number; name: string }[], limit = 8): string {
  const named = things.slice(0, limit).map(({ id, name }) => `${id} "${name}"`)
  return named.join(', ') + (things.length > limit ? ` and ${things.length - limit} more` : '')
}
