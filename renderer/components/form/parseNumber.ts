import { readNumber } from '#shared/numbers/typedNumber.ts'
import { notation } from '../../format/notation.ts'

/**
 * A number as a person writes it; see readNumber.
 * @returns NaN for what is no number or not certain, which every schema refuses with its own sentence
 */
export const parseNumber = (written: string, isCount = false): number =>
  readNumber(written, notation, isCount).value

/** As parseNumber. @throws Error with how to write it, where it could be two numbers */
export function certainNumber(written: string, isCount = false): number {
  const { value, problem } = readNumber(written, notation, isCount)
  if (problem !== null) throw new Error(problem)
  return value
}

/** Of fields as they are written: what could be two numbers, and how to write it; for all others nothing. */
export function typedProblems(
  fields: Readonly<Record<string, string>>,
  isCount: (field: string) => boolean,
): Readonly<Record<string, string>> {
  const problems = Object.entries(fields).map(([field, written]) => [
    field,
    readNumber(written, notation, isCount(field)).problem,
  ])
  return Object.fromEntries(problems.filter(([, problem]) => problem !== null))
}
