import { constant, type Expression } from '#shared/model/expression.ts'
import type { Operator } from '#shared/model/operators.ts'

// Pieces of MathML, which the window sets by itself: a symbol looks the same everywhere.
export const mi = (name: string): string => `<mi>${name}</mi>`
export const mn = (value: string): string => `<mn>${value}</mn>`
export const mo = (sign: string): string => `<mo>${sign}</mo>`
export const row = (...parts: string[]): string => `<mrow>${parts.join('')}</mrow>`
export const sub = (base: string, index: string): string => `<msub>${base}${index}</msub>`
export const sup = (base: string, power: string): string => `<msup>${base}${power}</msup>`
export const subsup = (base: string, index: string, power: string): string =>
  `<msubsup>${base}${index}${power}</msubsup>`
export const frac = (above: string, below: string): string => `<mfrac>${above}${below}</mfrac>`
export const sum = (index: string): string => `<munder>${mo('∑')}${index}</munder>`
export const fn = (name: string): string => `<mi mathvariant="normal">${name}</mi>`
export const norm = (...parts: string[]): string => row(mo('‖'), ...parts, mo('‖'))
export const brackets = (...parts: string[]): string => row(mo('('), ...parts, mo(')'))

const signs: Partial<Record<Operator, string>> = { add: '+', subtract: '−', negate: '−' }
/** Names of functions that are written otherwise than they are called here. */
const functions: Partial<Record<Operator, string>> = { log: 'ln', smaller: 'min', larger: 'max' }

/**
 * An expression of the model as the parts of a row.
 * @param symbols  MathML of each variable
 */
export function expressionParts(expression: Expression, symbols: Readonly<Record<string, string>>): string[] {
  const partsOf = (each: Expression): string[] => expressionParts(each, symbols)
  const grouped = (each: Expression): string => {
    const parts = partsOf(each)
    return parts.length === 1 ? parts[0] : row(...parts)
  }
  const isSum = (each: Expression): boolean =>
    each.kind === 'operation' && (each.operator === 'add' || each.operator === 'subtract')
  const factor = (each: Expression): string[] => (isSum(each) ? [brackets(...partsOf(each))] : partsOf(each))

  if (expression.kind === 'constant') return [mn(String(expression.value))]
  if (expression.kind === 'variable') return [symbols[expression.name]]
  const { operator, of } = expression
  const [a, b = constant(1)] = of
  switch (operator) {
    case 'add':
    case 'subtract':
      return [...partsOf(a), mo(signs[operator]!), ...(operator === 'add' ? partsOf(b) : factor(b))]
    case 'negate':
      return [mo(signs[operator]!), ...factor(a)]
    case 'multiply':
      return [...factor(a), ...factor(b)]
    case 'divide':
      return [frac(grouped(a), grouped(b))]
    case 'sqrt':
      return [`<msqrt>${partsOf(a).join('')}</msqrt>`]
    case 'logistic':
      return [frac(mn('1'), row(mn('1'), mo('+'), sup(mi('e'), row(mo('−'), ...factor(a)))))]
    default: {
      // ln of a fraction needs no brackets.
      const isPlain = of.length === 1 && a.kind === 'operation' && a.operator === 'divide'
      const inside = of.flatMap((each, k) => (k === 0 ? partsOf(each) : [mo(','), ...partsOf(each)]))
      return [fn(functions[operator] ?? operator), ...(isPlain ? inside : [brackets(...inside)])]
    }
  }
}
