import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { gpuDialect } from '#main/engine/gpujs/gpuKernelText.ts'
import { wasmDialect } from '#main/engine/gpujs/wasmKernels.ts'
import { constantsLast, expressionNodes } from '#main/engine/onnx/expressionNodes.ts'
import { createGraphBuilder } from '#main/engine/onnx/graphBuilder.ts'
import { loadOnnxRuntime } from '#main/engine/onnx/runtime.ts'
import { activationNames, activationTable, shareOf } from '#shared/model/activations.ts'
import { distribute, variable, type Expression } from '#shared/model/expression.ts'
import { statementText, expressionText, type Dialect } from '#shared/model/expressionText.ts'
import { adam, adamUncorrected, sgd } from '#shared/model/optimiserSteps.ts'
import { divergence, slopeExpressions } from '#shared/model/penalties.ts'
import { evaluate } from '#shared/model/vectorProgram.ts'
import { matlabDialect } from '#shared/snippets/matlab.ts'
import { numpyDialect } from '#shared/snippets/numpy.ts'
import { pythonWith } from '../export/python.ts'

type Values = Readonly<Record<string, number>>
type Formula = { expression: Expression; by: (values: Values) => number; at: Values[] }

const rising = (name: string, from: number, to: number): Values[] =>
  Array.from({ length: 9 }, (_, i) => ({ [name]: from + ((to - from) * i) / 8 }))
const logistic = (z: number) => 1 / (1 + Math.exp(-z))

/** Of each activation, what its unit answers and how steeply, by hand. */
const activations: Record<string, { value(z: number): number; derivative(a: number): number }> = {
  sigmoid: { value: logistic, derivative: (a) => a * (1 - a) },
  tanh: { value: Math.tanh, derivative: (a) => 1 - a * a },
}
const shares: Record<string, (rhoHat: number) => number> = {
  sigmoid: (rhoHat) => rhoHat,
  tanh: (rhoHat) => (1 + rhoHat) / 2,
}
const moments = [0.3, -1e-3, 5].map((gradient, i) => ({
  gradient,
  theta: 1 - i,
  first: 0.1 * i - 0.05,
  second: 0.02 * i,
  velocity: 0.4 - i,
  rate: 0.01,
  momentum: 0.9,
  epsilon: 1e-8,
  correction1: 0.19,
  correction2: 0.002,
}))

/** Every expression of the model beside a second, handwritten one. */
const formulas: Record<string, Formula> = {
  ...Object.fromEntries(
    activationNames.flatMap((name): [string, Formula][] => {
      const { value, derivative, range } = activationTable[name]
      const [inactive, active] = range
      const inside = rising('a', inactive + 0.01, active - 0.01)
      const slope = slopeExpressions({ activation: name, penalty: 'kl', rho: 0.05, beta: 3 }).slope!
      const dr = 1 / (active - inactive)
      return [
        [`${name}`, { expression: value, by: ({ z }) => activations[name].value(z), at: rising('z', -6, 6) }],
        [
          `${name}, derivative`,
          { expression: derivative, by: ({ a }) => activations[name].derivative(a), at: inside },
        ],
        [
          `${name}, derivative times delta`,
          {
            expression: distribute(variable('delta'), derivative),
            by: ({ a, delta }) => delta * activations[name].derivative(a),
            at: inside.map((values, i) => ({ ...values, delta: i - 3.5 })),
          },
        ],
        [
          `share of active of ${name}`,
          {
            expression: shareOf(name),
            by: ({ rhoHat }) => shares[name](rhoHat),
            at: inside.map(({ a }) => ({ rhoHat: a })),
          },
        ],
        [
          `slope of KL for ${name}`,
          {
            expression: slope,
            by: ({ rhoHat }) => 3 * dr * (-0.05 / shares[name](rhoHat) + 0.95 / (1 - shares[name](rhoHat))),
            at: inside.map(({ a }) => ({ rhoHat: a })),
          },
        ],
      ]
    }),
  ),
  KL: {
    expression: divergence,
    by: ({ rho, r }) => rho * Math.log(rho / r) + (1 - rho) * Math.log((1 - rho) / (1 - r)),
    at: rising('r', 0.001, 0.9).map((values) => ({ ...values, rho: 0.05 })),
  },
  'Adam’s first moment': {
    expression: adam.first,
    by: ({ first, gradient }) => 0.9 * first + 0.1 * gradient,
    at: moments,
  },
  'Adam’s second moment': {
    expression: adam.second,
    by: ({ second, gradient }) => 0.999 * second + 0.001 * gradient ** 2,
    at: moments,
  },
  'Adam’s step': {
    expression: adam.theta,
    by: ({ theta, first, second, rate, epsilon, correction1, correction2 }) =>
      theta - (rate * (first / correction1)) / (Math.sqrt(second / correction2) + epsilon),
    at: moments,
  },
  'Adam’s step with its corrections in the rate': {
    expression: adamUncorrected.theta,
    by: ({ theta, first, second, rate, epsilon }) => theta - (rate * first) / (Math.sqrt(second) + epsilon),
    at: moments,
  },
  'the velocity of SGD': {
    expression: sgd.velocity,
    by: ({ velocity, momentum, gradient }) => momentum * velocity + gradient,
    at: moments,
  },
  'SGD’s step': {
    expression: sgd.theta,
    by: ({ theta, rate, velocity }) => theta - rate * velocity,
    at: moments,
  },
}
const all = Object.entries(formulas)
const named = all.map(([name, formula]) => ({ name, ...formula }))

const relative = (actual: number, expected: number) =>
  Math.abs(actual - expected) / Math.max(1e-3, Math.abs(expected))
function expectAll(actual: ArrayLike<number>, { by, at }: Formula, tolerance = 1e-13): void {
  expect(actual.length).toBe(at.length)
  for (const [i, values] of at.entries()) {
    // Not toBeLessThan alone: NaN must not pass.
    expect(relative(actual[i], by(values)) <= tolerance, `${actual[i]} for ${by(values)}`).toBe(true)
  }
}
const namesOf = (at: readonly Values[]) => Object.keys(at[0])
const own = (at: readonly Values[]) => Object.fromEntries(namesOf(at).map((name) => [name, name]))

describe.each(named)('$name', (formula) => {
  const { expression, at } = formula

  test('in numbers', () =>
    expectAll(
      at.map((values) => evaluate(expression, values)),
      formula,
    ))

  test.each([
    { language: 'gpu.js on the GPU', dialect: gpuDialect, tolerance: 1e-13 },
    // Within what float32 holds: its logistic and tanh are ratios of polynomials.
    { language: 'gpu.js in WebAssembly', dialect: wasmDialect, tolerance: 2e-6 },
  ])('in $language, which is JavaScript', ({ dialect, tolerance }) => {
    if (expression === divergence && dialect === wasmDialect) return
    const { before, value } = statementText(expression, own(at), dialect)
    const run = new Function(...namesOf(at), `${before} return ${value};`) as (...values: number[]) => number
    expectAll(
      at.map((values) => run(...namesOf(at).map((name) => values[name]))),
      formula,
      tolerance,
    )
  })

  test.each([
    { form: 'as they are', written: (whole: Expression) => whole },
    { form: 'with constants last', written: constantsLast },
  ])('as nodes of ONNX, $form', async ({ written }) => {
    const { InferenceSession, Tensor } = await loadOnnxRuntime()
    const graph = createGraphBuilder('float64')
    for (const input of namesOf(at)) graph.input(input, [at.length])
    graph.output('value', expressionNodes(graph, written(expression), own(at)), [at.length])
    const session = await InferenceSession.create(graph.bytes())
    const feeds = Object.fromEntries(
      namesOf(at).map((input) => [
        input,
        new Tensor(
          'float64',
          Float64Array.from(at, (values) => values[input]),
          [at.length],
        ),
      ]),
    )
    const { value } = await session.run(feeds)
    expectAll(value.data as Float64Array, formula, 1e-12)
    await session.release()
  })
})

/** All formulas at all their points as one program. */
const program = (dialect: Dialect, line: (text: string) => string) =>
  named
    .flatMap(({ expression, at }) =>
      at.map((values) => line(expressionText(expression, inBrackets(values), dialect))),
    )
    .join('\n')
const inBrackets = (values: Values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `(${value})`]))

function expectPrinted(printed: string): void {
  const numbers = printed.trim().split(/\s+/).map(Number)
  for (const { at, ...formula } of named) expectAll(numbers.splice(0, at.length), { at, ...formula })
  expect(numbers).toEqual([])
}

const numpy = pythonWith('numpy')
test.skipIf(!numpy)('NumPy computes the same', () =>
  expectPrinted(
    numpy!.run(`import numpy as np\n${program(numpyDialect, (text) => `print(repr(float(${text})))`)}`),
  ),
)

const hasOctave = spawnSync('octave-cli', ['--version']).status === 0
test.skipIf(!hasOctave)('MATLAB computes the same', () => {
  const code = program(matlabDialect, (text) => `printf('%.17g\\n', ${text});`)
  const { status, stdout, stderr } = spawnSync('octave-cli', ['--quiet', '--eval', code], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  expectPrinted(stdout)
})

test.each(activationNames)('%s has the derivative that differences show', (name) => {
  const { value, derivative } = activationTable[name]
  for (const { z } of rising('z', -4, 4.1)) {
    const at = (by: number) => evaluate(value, { z: z + by })
    const numeric = (at(1e-5) - at(-1e-5)) / 2e-5
    expect(evaluate(derivative, { a: evaluate(value, { z }) })).toBeCloseTo(numeric, 8)
  }
})

test('operations that change no bit are not written, and the order of those that do stays', () => {
  const slope = slopeExpressions({ activation: 'sigmoid', penalty: 'kl', rho: 0.5, beta: 1 }).slope!
  expect(expressionText(slope, { rhoHat: 'x' }, gpuDialect)).toBe('0.5 / (1 - x) - 0.5 / x')
  const names = { theta: 't', first: 'm', second: 'v', rate: 'r', epsilon: 'e' }
  expect(expressionText(adamUncorrected.theta, names, gpuDialect)).toBe('t - r * m / (Math.sqrt(v) + e)')
  expect(expressionText(adam.second, { gradient: 'g', second: 'v' }, gpuDialect)).toBe(
    `0.999 * v + ${1 - 0.999} * g * g`,
  )
})
