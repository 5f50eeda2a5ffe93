/** How a country writes numbers: 1,234.5 or 1.234,5. */
export interface Notation {
  decimal: '.' | ','
}

/** What a text means, or why that is not certain: what to write instead. NaN for a text that is no number at all. */
export interface TypedNumber {
  value: number
  problem: string | null
}

/** As programs write numbers, and this lab's documents. */
export const pointNotation: Notation = { decimal: '.' }

/** @param locale a BCP 47 tag such as de-CH; one that is none counts as English */
export function notationOf(locale: string): Notation {
  try {
    return /\d,\d/.test(new Intl.NumberFormat(locale).format(0.5)) ? { decimal: ',' } : pointNotation
  } catch {
    return pointNotation
  }
}

const number = (value: number): TypedNumber => ({
  value: Number.isFinite(value) ? value : Number.NaN,
  problem: null,
})
const refused = (problem: string): TypedNumber => ({ value: Number.NaN, problem })

/**
 * A number as a person types it: 0.0001, 1e-4, 1e−4, 10 000, and as the country writes it. One that could be meant in
 * two ways is refused with how to write it. `0.5` is read everywhere: it is how the lab itself writes.
 * @param isCount a whole number is asked for: "10,000" can then only be ten thousand, and "1.000" hardly one
 */
export function readNumber(
  written: string,
  { decimal }: Notation = pointNotation,
  isCount = false,
): TypedNumber {
  const text = written
    .replaceAll(/[\u200E\u200F\u061C]/g, '')
    .trim()
    .replaceAll('−', '-')
  const parts = /^([+-]?)(\d{1,3}(?:[\s'’]\d{3})+|[\d.,]*)([.,]\d*)?(e[+-]?\d+)?$/i.exec(text)
  if (!parts) return number(Number.NaN)
  const [, sign, whole, fraction = '', exponent = ''] = parts
  const body = whole.replaceAll(/[\s'’]/g, '') + fraction
  const as = (digits: string): number => Number(sign + digits + exponent)
  const signs = body.replaceAll(/\d/g, '')
  if (!/\d/.test(body)) return number(Number.NaN)
  if (signs === '') return number(as(body))

  const last = signs.at(-1)!
  const other = last === '.' ? ',' : '.'
  const groups = body.slice(0, body.lastIndexOf(last))
  // Both signs: the last one can only be the decimal one. The same one twice: it can only group.
  if (signs.includes(other)) {
    const isGrouped = isGroupedBy(other, groups) && signs.lastIndexOf(last) === signs.indexOf(last)
    return number(isGrouped ? as(body.replaceAll(other, '').replace(',', '.')) : Number.NaN)
  }
  if (signs.length > 1) {
    return number(isGroupedBy(last, body) && exponent === '' ? as(body.replaceAll(last, '')) : Number.NaN)
  }

  const point = body.replace(',', '.')
  // Spaces group already, a power of ten follows, or no three digits: nothing to group.
  const mayGroup = whole + fraction === body && exponent === '' && isGroupedBy(last, body)
  if (!mayGroup) {
    if (last === '.' || decimal === ',') return number(as(point))
    return refused(
      `“${written.trim()}” has a decimal comma; write decimals with a point: ${shorter(sign + point)}${exponent}.`,
    )
  }
  const thousands = sign + body.replace(last, '')
  if (isCount && last === ',' && decimal === '.') return number(Number(thousands))
  if (!isCount && last === '.' && decimal === '.') return number(as(point))
  if (isCount && !Number.isInteger(Number(point)))
    return refused(`Write ${thousands} for “${written.trim()}”.`)
  const small = isCount ? shorter(sign + point) : certain(sign + point, decimal)
  return refused(`“${written.trim()}” could be ${thousands} or ${small}; write one of these.`)
}

/** 1,234 or 12,34,567: groups of three, or in India of two before the last. */
const isGroupedBy = (sign: string, digits: string): boolean =>
  new RegExp(`^[1-9]\\d{0,2}(?:\\${sign}\\d{3})+$`).test(digits) ||
  (sign === ',' && /^[1-9]\d?(?:,\d{2})+,\d{3}$/.test(digits))

/** 0.500 as 0.5, and .5 as 0.5. */
const shorter = (point: string): string => {
  const value = String(Number(point))
  return value.includes('e') ? point : value
}

/** Written so that it can mean nothing else: 1.25 for 1.250, 1.0 for 1.000, 1.2340 for 1.234. */
function certain(point: string, decimal: string): string {
  const [whole, digits = ''] = shorter(point).split('.')
  return whole + decimal + (digits.length === 3 ? `${digits}0` : digits || '0')
}

/** How the lab writes a number into a field, so that it is read as the same number in every country. */
export const unmistakable = (plain: string): string =>
  /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(plain) ? `${plain}0` : plain

/** The values of a list, or why they are not certain. */
export interface TypedList {
  values: (number | string)[]
  problem: string | null
}

/**
 * A list of numbers: 0.1, 0.2 or 0,1; 0,2. What is no number stays the text it is. Where commas write decimals, one
 * without a space after it may be one, and is refused unless the list has semicolons or a space after each comma.
 * @param isCount whole numbers, in which no comma can be a decimal one
 */
export function readList(written: string, notation: Notation = pointNotation, isCount = false): TypedList {
  const text = written.trim().replace(/,$/, '')
  const hasSemicolons = text.includes(';')
  const isSpaced = !hasSemicolons && /,\s/.test(text) && notation.decimal === ','
  const parts = text
    // A comma before a space is no decimal one.
    .split(hasSemicolons ? /;|,\s+/ : isSpaced ? /,\s+/ : ',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const values: (number | string)[] = []
  for (const part of parts) {
    // A list has no groups of thousands, unless semicolons leave the comma free.
    const read = readNumber(part, notation, isCount && hasSemicolons)
    if (read.problem !== null) return { values: [], problem: read.problem }
    values.push(Number.isNaN(read.value) ? part : read.value)
  }
  if (!hasSemicolons && !isSpaced && isDecimals(text, parts, notation, isCount)) {
    return { values: [], problem: twoWays(text, parts, isCount) }
  }
  return { values, problem: null }
}

/** 0,001 anywhere; 0,5 where decimals are written so. */
const isDecimals = (text: string, parts: readonly string[], { decimal }: Notation, isCount: boolean) =>
  parts.slice(1).some((part) => /^0\d/.test(part)) ||
  (decimal === ',' && !isCount && parts.length % 2 === 0 && /^[+-]?\d+(?:,[+-]?\d+)+$/.test(text))

function twoWays(text: string, parts: readonly string[], isCount: boolean): string {
  if (isCount) return `Commas separate values; write “${text}” without them if it is one number.`
  if (parts.length !== 2) return `“${text}” may have decimal commas; write decimals with a point.`
  const two = parts.map((part) => (/^[+-]?\d+$/.test(part) ? `${Number(part)}.0` : part)).join(',')
  return `“${text}” could be one number or two; write ${shorter(parts.join('.'))} or ${two}.`
}
