import type { Expression } from './expression.ts'
import { compute, type Operator } from './operators.ts'

/** Values that are computed at a time: all that lies between stays in a core's nearest cache. */
const blockLength = 512

/** A variable's values, or one number for all. */
export type Given = Float64Array | number

/** Where an operand's values lie: a whole vector that is read block by block, or one block. */
interface Place {
  block: Float64Array
  values: Float64Array
  isWhole: boolean
}

interface Instruction {
  operator: Operator
  to: Place
  a: Place
  b: Place
}

/**
 * An expression over whole vectors, in float64: the printer for numbers.
 * @returns a function that computes it from what is given, for as many values as `out` has; that may be one of the
 *          vectors given
 */
export function vectorProgram(
  expression: Expression,
): (out: Float64Array, given: Readonly<Record<string, Given>>) => void {
  const instructions: Instruction[] = []
  const places = new Map<Expression, Place>()
  const variables = new Map<string, Place>()

  function newBlock(): Place {
    const block = new Float64Array(blockLength)
    return { block, values: block, isWhole: false }
  }

  function variableAt(name: string): Place {
    const place = variables.get(name) ?? newBlock()
    variables.set(name, place)
    return place
  }

  function placeOf(expression: Expression): Place {
    if (expression.kind === 'variable') return variableAt(expression.name)
    const known = places.get(expression)
    if (known) return known
    const to = newBlock()
    if (expression.kind === 'constant') to.block.fill(expression.value)
    else {
      const [a, b = a] = expression.of.map(placeOf)
      instructions.push({ operator: expression.operator, to, a, b })
    }
    places.set(expression, to)
    return to
  }

  const result = placeOf(expression)

  return (out, given) => {
    for (const [name, place] of variables) {
      const values = given[name]
      place.isWhole = typeof values !== 'number'
      place.values = typeof values === 'number' ? place.block.fill(values) : values
    }
    for (let at = 0; at < out.length; at += blockLength) {
      const count = Math.min(blockLength, out.length - at)
      for (const { operator, to, a, b } of instructions) {
        compute(operator, to.values, a.values, a.isWhole ? at : 0, b.values, b.isWhole ? at : 0, count)
      }
      const from = result.isWhole ? at : 0
      for (let i = 0; i < count; i++) out[at + i] = result.values[from + i]
    }
  }
}

/** An expression at one point. */
export function evaluate(expression: Expression, values: Readonly<Record<string, number>>): number {
  const value = new Float64Array(1)
  vectorProgram(expression)(value, values)
  return value[0]
}
