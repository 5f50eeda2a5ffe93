import { add, divide, exp, multiply, negate, rebuilt, subtract, type Expression } from './expression.ts'
import type { Operator } from './operators.ts'

type Spelling = (of: readonly Expression[]) => Expression

/** How a language writes expressions. */
export interface Dialect {
  /** Names of functions. */
  functions: Partial<Record<Operator, string>>
  /** Signs where they are not those of nearly every language. */
  signs?: Partial<Record<Operator, string>>
  /** Operators by others, where that is to be done in another way than below. */
  spellings?: Partial<Record<Operator, Spelling>>
}

/** Operators by others, for languages that have no function for them. This tanh saturates, as exp(z)/exp(z) would not. */
const spellings: Partial<Record<Operator, Spelling>> = {
  logistic: ([z]) => divide(1, add(1, exp(negate(z)))),
  tanh: ([z]) => subtract(1, divide(2, add(1, exp(multiply(2, z))))),
}

const signs: Partial<Record<Operator, string>> = { add: '+', subtract: '-', multiply: '*', divide: '/' }
const strengths: Partial<Record<Operator, number>> = {
  add: 1,
  subtract: 1,
  multiply: 2,
  divide: 2,
  negate: 3,
}
const atom = 4

/** The expression with nothing in it that the language lacks. */
function spelt(expression: Expression, dialect: Dialect): Expression {
  const known = new Map<Expression, Expression>()
  const of = (part: Expression): Expression => {
    if (part.kind !== 'operation') return part
    const before = known.get(part)
    if (before) return before
    const spelling = { ...spellings, ...dialect.spellings }[part.operator]
    const isLacking = dialect.functions[part.operator] === undefined && spelling !== undefined
    const made = isLacking ? of(spelling(part.of)) : rebuilt(part, part.of.map(of))
    known.set(part, made)
    return made
  }
  return of(expression)
}

/** Operations that occur more than once, inner ones first. */
function repeated(expression: Expression): Expression[] {
  const counts = new Map<Expression, number>()
  const innerFirst: Expression[] = []
  const visit = (part: Expression) => {
    if (part.kind !== 'operation') return
    const before = counts.get(part) ?? 0
    counts.set(part, before + 1)
    if (before > 0) return
    for (const each of part.of) visit(each)
    innerFirst.push(part)
  }
  visit(expression)
  return innerFirst.filter((part) => (counts.get(part) ?? 0) > 1)
}

/**
 * The expression as text, with a constant for each part that occurs more than once.
 * @param names  what stands for each variable; in one piece, such as a name or an entry of an array
 * @returns statements to stand before, and the value
 */
export function statementText(
  expression: Expression,
  names: Readonly<Record<string, string>>,
  dialect: Dialect,
): { before: string; value: string } {
  const whole = spelt(expression, dialect)
  const named = new Map<Expression, string>()
  const before: string[] = []
  for (const part of repeated(whole)) {
    before.push(`const v${named.size} = ${written(part, names, dialect, named).text};`)
    named.set(part, `v${named.size}`)
  }
  return { before: before.join('\n'), value: written(whole, names, dialect, named).text }
}

/** The expression as one text. */
export const expressionText = (
  expression: Expression,
  names: Readonly<Record<string, string>>,
  dialect: Dialect,
): string => written(spelt(expression, dialect), names, dialect, new Map()).text

function written(
  part: Expression,
  names: Readonly<Record<string, string>>,
  dialect: Dialect,
  named: ReadonlyMap<Expression, string>,
): { text: string; strength: number } {
  const name = named.get(part)
  if (name !== undefined) return { text: name, strength: atom }
  if (part.kind === 'constant') return { text: String(part.value), strength: part.value < 0 ? 3 : atom }
  if (part.kind === 'variable') return { text: names[part.name], strength: atom }
  const { operator, of } = part
  const inside = (each: Expression, least: number): string => {
    const { text, strength } = written(each, names, dialect, named)
    return strength < least ? `(${text})` : text
  }
  const call = dialect.functions[operator]
  if (call !== undefined) {
    return { text: `${call}(${of.map((each) => inside(each, 0)).join(', ')})`, strength: atom }
  }
  const strength = strengths[operator]
  if (strength === undefined) throw new Error(`This language has no ${operator}.`)
  if (operator === 'negate') return { text: `-${inside(of[0], strength)}`, strength }
  const sign = dialect.signs?.[operator] ?? signs[operator]
  // What stands on the right keeps its brackets: a·(b·c) is another number than (a·b)·c, in its last bit.
  return { text: `${inside(of[0], strength)} ${sign} ${inside(of[1], strength + 1)}`, strength }
}
