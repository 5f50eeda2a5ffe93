import { InvalidArgumentError } from 'commander'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { hasTarget } from '#shared/model/penalties.ts'
import { numberLocale } from '#shared/numbers/numberLocale.ts'
import { notationOf, readNumber, type Notation } from '#shared/numbers/typedNumber.ts'
import { printable, printableLine } from '#shared/text/printable.ts'

/** How numbers are typed in the user's country. */
export const countryNotation = (): Notation =>
  notationOf(numberLocale(process.env, new Intl.NumberFormat().resolvedOptions().locale))

/** Parses an option's number; whether it is in range is for the schemas to say. */
export const toNumber = (text: string): number => read(text, false)

/** Parses an option's whole number: what may be thousands is refused. */
export const toCount = (text: string): number => read(text, true)

function read(text: string, isCount: boolean): number {
  const { value, problem } = readNumber(text, countryNotation(), isCount)
  if (Number.isNaN(value)) throw new InvalidArgumentError(problem ?? 'It must be a number.')
  return value
}

export const collect = (value: string, previous: string[] = []): string[] => [...previous, value]

export const fixed = (value: number | null | undefined, digits = 4): string =>
  value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits)

export const duration = (elapsedMs: number): string =>
  elapsedMs < 60_000 ? `${(elapsedMs / 1000).toFixed(1)} s` : `${Math.round(elapsedMs / 60_000)} min`

export const megabytes = (sizeBytes: number): string => `${(sizeBytes / 1e6).toFixed(1)} MB`

export const imageCount = (count: number): string => (count === 1 ? '1 image' : `${count} images`)

/** Left-aligned text, right-aligned numbers, two spaces between columns. */
export function table(head: string[], rows: (string | number)[][]): string {
  const cells = [head, ...rows.map((row) => row.map((cell) => printableLine(String(cell))))]
  const right = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[\d.,+−–e-]+%?$|^$/.test(String(row[column]))),
  )
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  const pad = (cell: string, column: number) =>
    right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
  return cells.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

/** Names and values below each other, values aligned. */
export function pairs(entries: [string, string | number][]): string {
  const width = Math.max(...entries.map(([name]) => name.length))
  // A line's end in a value stays inside its column: it looks like no entry of its own.
  const shown = (value: string | number) =>
    printable(String(value)).replace(/\r?\n/g, `\n${' '.repeat(width + 2)}`)
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${shown(value)}`).join('\n')
}

/** ", target 0.01" after an average activation, where there is one. */
export const targetText = (config: Pick<RunConfig, 'penalty' | 'beta' | 'rho'>): string =>
  hasTarget(config) ? `, target ${config.rho}` : ''
