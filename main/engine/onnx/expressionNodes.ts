import { constant, divide, multiply, rebuilt, type Expression } from '#shared/model/expression.ts'
import type { Operator } from '#shared/model/operators.ts'
import type { GraphBuilder, Tensor } from './graphBuilder.ts'

const operators: Record<Operator, string> = {
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Mul',
  divide: 'Div',
  smaller: 'Min',
  larger: 'Max',
  negate: 'Neg',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  logistic: 'Sigmoid',
  tanh: 'Tanh',
}

/**
 * An expression as nodes of a graph. What is one part of it twice is computed once.
 * @param names  the tensor of each variable
 */
export function expressionNodes(
  { node, filled }: GraphBuilder,
  expression: Expression,
  names: Readonly<Record<string, Tensor>>,
): Tensor {
  const known = new Map<Expression, Tensor>()
  const tensorOf = (part: Expression): Tensor => {
    if (part.kind === 'variable') return names[part.name]
    if (part.kind === 'constant') return filled(part.value)
    const before = known.get(part)
    if (before !== undefined) return before
    const made = node(operators[part.operator], part.of.map(tensorOf))
    known.set(part, made)
    return made
  }
  return tensorOf(expression)
}

/**
 * The same with all constant factors of a product in one, at its end: each product is a pass over a vector.
 * (0.1·(s/m))·(s/m) becomes (s·s)·(0.1/m/m).
 */
export function constantsLast(expression: Expression): Expression {
  if (expression.kind !== 'operation') return expression
  const factors: Expression[] = []
  const numerators: number[] = []
  const denominators: number[] = []
  const gather = (part: Expression): void => {
    if (part.kind === 'constant') return void numerators.push(part.value)
    if (part.kind === 'operation') {
      const [a, b] = part.of
      if (part.operator === 'multiply') {
        gather(a)
        return gather(b)
      }
      if (part.operator === 'divide' && b.kind === 'constant') {
        denominators.push(b.value)
        return gather(a)
      }
    }
    factors.push(part.kind === 'operation' ? rebuilt(part, part.of.map(constantsLast)) : part)
  }
  gather(expression)
  if (factors.length === 0) return expression
  const product = factors.reduce((before, factor) => multiply(before, factor))
  let scale: Expression = numerators.map(constant).reduce<Expression>((a, b) => multiply(a, b), constant(1))
  for (const denominator of denominators) scale = divide(scale, denominator)
  return multiply(product, scale)
}
