import { compute, type BinaryOperator, type Operator, type UnaryOperator } from './operators.ts'

/**
 * A formula of the model as a tree. Activations, penalties and steps of optimisers are written once, as these, and
 * printed for whoever computes with them or shows them. An expression knows no language and computes nothing.
 */
export type Expression = Constant | Variable | Operation
export interface Constant {
  kind: 'constant'
  value: number
}
export interface Variable {
  kind: 'variable'
  name: string
}
export interface Operation {
  kind: 'operation'
  operator: Operator
  of: readonly Expression[]
}

/** What may stand in an expression: a number is a constant. */
export type Term = Expression | number

export const constant = (value: number): Constant => ({ kind: 'constant', value })
export const variable = (name: string): Variable => ({ kind: 'variable', name })
const asExpression = (term: Term): Expression => (typeof term === 'number' ? constant(term) : term)

const one = new Float64Array(1)

/** The operation, or its value where all is constant. Nothing is put in another order: results stay bit for bit. */
function operation(operator: Operator, ...terms: Term[]): Expression {
  const of = terms.map(asExpression)
  const values = of.map((each) => (each.kind === 'constant' ? Float64Array.of(each.value) : null))
  const [a, b = a] = values
  if (!a || !b) return { kind: 'operation', operator, of }
  compute(operator, one, a, 0, b, 0, 1)
  return constant(one[0])
}

const unary =
  (operator: UnaryOperator) =>
  (a: Term): Expression =>
    operation(operator, a)
const binary =
  (operator: BinaryOperator) =>
  (a: Term, b: Term): Expression =>
    operation(operator, a, b)

/** Whether a term is this very number. */
export const isConstant = (term: Term, value: number): boolean => {
  const expression = asExpression(term)
  return expression.kind === 'constant' && expression.value === value
}

export const negate = unary('negate')
export const exp = unary('exp')
export const log = unary('log')
export const sqrt = unary('sqrt')
export const logistic = unary('logistic')
export const tanh = unary('tanh')
export const smaller = binary('smaller')
export const larger = binary('larger')

/** a + b, a − b, a·b, a/b: without the operation where it changes no bit. */
export const add = (a: Term, b: Term): Expression =>
  isConstant(a, 0) ? asExpression(b) : isConstant(b, 0) ? asExpression(a) : operation('add', a, b)
export const multiply = (a: Term, b: Term): Expression =>
  isConstant(a, 1) ? asExpression(b) : isConstant(b, 1) ? asExpression(a) : operation('multiply', a, b)
export const divide = (a: Term, b: Term): Expression =>
  isConstant(b, 1) ? asExpression(a) : operation('divide', a, b)
export function subtract(a: Term, b: Term): Expression {
  const taken = asExpression(b)
  if (taken.kind === 'constant' && taken.value <= 0) return add(a, -taken.value)
  return operation('subtract', a, taken)
}

const makers: Record<Operator, (...terms: Term[]) => Expression> = {
  add: (a, b) => add(a, b),
  subtract: (a, b) => subtract(a, b),
  multiply: (a, b) => multiply(a, b),
  divide: (a, b) => divide(a, b),
  smaller: (a, b) => smaller(a, b),
  larger: (a, b) => larger(a, b),
  negate,
  exp,
  log,
  sqrt,
  logistic,
  tanh,
}

/** The same operation of other terms. */
export const rebuilt = ({ operator }: Operation, of: readonly Term[]): Expression => makers[operator](...of)

/** The expression with terms in place of some of its variables. What is one part of it twice stays one. */
export function bind(expression: Expression, terms: Readonly<Record<string, Term>>): Expression {
  const known = new Map<Expression, Expression>()
  const bound = (part: Expression): Expression => {
    if (part.kind === 'constant') return part
    if (part.kind === 'variable')
      return Object.hasOwn(terms, part.name) ? asExpression(terms[part.name]) : part
    const before = known.get(part)
    if (before) return before
    const made = rebuilt(part, part.of.map(bound))
    known.set(part, made)
    return made
  }
  return bound(expression)
}

/**
 * factor·expression with the factor inside: d·(a·(1 − a)) as d·a − d·a·a. Where an operation is a pass over a matrix
 * that is one pass less, since nothing needs 1 − a itself.
 */
export function distribute(factor: Expression, expression: Expression): Expression {
  if (expression.kind === 'operation') {
    const [a, b] = expression.of
    switch (expression.operator) {
      case 'multiply':
        return distribute(distribute(factor, a), b)
      case 'add':
        return add(distribute(factor, a), distribute(factor, b))
      case 'subtract':
        return subtract(distribute(factor, a), distribute(factor, b))
    }
  }
  return multiply(factor, expression)
}
