import { unmistakable } from '#shared/numbers/typedNumber.ts'

const minus = '−'

const withMinus = (text: string): string => text.replace('-', minus)

/** What stands where there is no value. */
export const noValue = '–'

/** With a fixed number of decimals; a missing value is a dash, and huge ones switch to an exponent. */
export function formatFixed(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined) return noValue
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${minus}∞`
  if (Math.abs(value) >= 1e6) return withMinus(value.toExponential(2).replace('e+', 'e'))
  const text = value.toFixed(decimals)
  // −0.0000 is 0.0000.
  return Number(text) === 0 ? text.replace('-', '') : withMinus(text)
}

/** A cost or one of its parts, 4 decimals. */
export const formatCost = (value: number | null | undefined): string => formatFixed(value, 4)

/** An average activation ρ̂, 4 decimals. */
export const formatRhoHat = (value: number | null | undefined): string => formatFixed(value, 4)

/** A cosine similarity, 2 decimals. */
export const formatCosine = (value: number | null | undefined): string => formatFixed(value, 2)

/** A small setting in a table: 1e−4, 3e−3, 0.1, 0. */
export function formatScientific(value: number): string {
  if (value === 0 || (Math.abs(value) >= 0.01 && Math.abs(value) < 1e5)) return withMinus(String(value))
  const [digits, exponent] = value.toExponential().split('e')
  return withMinus(digits) + 'e' + withMinus(exponent.replace('+', ''))
}

/** A setting in full, as a form shows it: 0.0001, never 1e-4. */
export function formatPlain(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return withMinus(text)
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d+)\.?(\d*)e([+-]\d+)$/.exec(text) ?? []
  const point = whole.length + Number(exponent)
  const digits = (whole + fraction).padEnd(point, '0')
  return withMinus(sign) + (point > 0 ? digits : `0.${'0'.repeat(-point)}${digits}`)
}

/** A number as a field of a form holds it: read back as the same in every country. */
export const formatField = (value: number): string => unmistakable(formatPlain(value).replace('−', '-'))

const counts = new Intl.NumberFormat('en-US')

/** A whole number with thousands separators: 10,000. */
export const formatCount = (value: number): string => withMinus(counts.format(value))

/** "1 run", "2,000 runs"; the plural defaults to the noun with an s. */
export const formatCountOf = (value: number, noun: string, plural = `${noun}s`): string =>
  `${formatCount(value)} ${value === 1 ? noun : plural}`

/** A share in [0, 1] as a percentage with one decimal: 39.9 %. */
export const formatShare = (share: number | null | undefined): string =>
  share === null || share === undefined ? noValue : `${formatFixed(share * 100, 1)} %`

const sizeUnits = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** A size in decimal units: 512 bytes, 18.4 MB. */
export function formatSize(sizeBytes: number): string {
  let size = sizeBytes
  let unit = 0
  // 999.95 would round to 1000.0
  while (size >= 999.95 && unit < sizeUnits.length - 1) {
    size /= 1000
    unit++
  }
  return unit === 0 ? `${formatCount(size)} bytes` : `${size.toFixed(1)} ${sizeUnits[unit]}`
}

/** "8 × 8", with the channels when there are three. */
export const formatPatchSize = (patchSize: number, channels: 1 | 3): string =>
  channels === 1 ? `${patchSize} × ${patchSize}` : `${patchSize} × ${patchSize} × 3`

/** A count, or a dash where there is none yet. */
export const formatNumberOrDash = (value: number | null | undefined): string =>
  value === null || value === undefined ? noValue : formatCount(value)
