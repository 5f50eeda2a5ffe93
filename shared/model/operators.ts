/**
 * What expressions are made of, and what each operator is in numbers: the one definition that every printer is held to.
 * An operator that a language lacks is written with others (see expressionText.ts).
 */
export const unaryOperators = ['negate', 'exp', 'log', 'sqrt', 'logistic', 'tanh'] as const
export const binaryOperators = ['add', 'subtract', 'multiply', 'divide', 'smaller', 'larger'] as const

export type UnaryOperator = (typeof unaryOperators)[number]
export type BinaryOperator = (typeof binaryOperators)[number]
export type Operator = UnaryOperator | BinaryOperator

/**
 * out[i] ← operator(a[aAt + i], b[bAt + i]) for i < count, in float64. A loop for each operator, since a call for each
 * value would take longer than most of them. `out` may be `a` or `b` where it starts at the same place.
 */
export function compute(
  operator: Operator,
  out: Float64Array,
  a: Float64Array,
  aAt: number,
  b: Float64Array,
  bAt: number,
  count: number,
): void {
  switch (operator) {
    case 'add':
      for (let i = 0; i < count; i++) out[i] = a[aAt + i] + b[bAt + i]
      return
    case 'subtract':
      for (let i = 0; i < count; i++) out[i] = a[aAt + i] - b[bAt + i]
      return
    case 'multiply':
      for (let i = 0; i < count; i++) out[i] = a[aAt + i] * b[bAt + i]
      return
    case 'divide':
      for (let i = 0; i < count; i++) out[i] = a[aAt + i] / b[bAt + i]
      return
    case 'smaller':
      for (let i = 0; i < count; i++) out[i] = Math.min(a[aAt + i], b[bAt + i])
      return
    case 'larger':
      for (let i = 0; i < count; i++) out[i] = Math.max(a[aAt + i], b[bAt + i])
      return
    case 'negate':
      for (let i = 0; i < count; i++) out[i] = -a[aAt + i]
      return
    case 'exp':
      for (let i = 0; i < count; i++) out[i] = Math.exp(a[aAt + i])
      return
    case 'log':
      for (let i = 0; i < count; i++) out[i] = Math.log(a[aAt + i])
      return
    case 'sqrt':
      for (let i = 0; i < count; i++) out[i] = Math.sqrt(a[aAt + i])
      return
    case 'logistic':
      for (let i = 0; i < count; i++) out[i] = 1 / (1 + Math.exp(-a[aAt + i]))
      return
    case 'tanh':
      for (let i = 0; i < count; i++) out[i] = Math.tanh(a[aAt + i])
      return
  }
}
