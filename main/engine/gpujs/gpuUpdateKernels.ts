import { bind, type Expression } from '#shared/model/expression.ts'
import { adamUncorrected as adam, sgd } from '#shared/model/optimiserSteps.ts'
import type { KernelText } from './gpuDevice.ts'
import { gpuText, total, x, y } from './gpuKernelText.ts'
import type { GpuLayout } from './gpuLayout.ts'

/** The kernels of mini-batches that do not depend on their number of rows, all over vectors as long as theta. */
export function updateKernels({ length }: GpuLayout, momentum: number) {
  /** @param vectors, scalars  names of the kernel's inputs, in their order */
  const update = (expression: Expression, vectors: readonly string[], scalars: readonly string[] = []) => ({
    source: `function (${[...vectors, ...scalars].join(', ')}) { return ${gpuText(expression, {
      ...Object.fromEntries(vectors.map((name) => [name, `${name}[${x}]`])),
      ...Object.fromEntries(scalars.map((name) => [name, name])),
    })}; }`,
    columns: length,
  })
  return {
    adam: {
      first: update(adam.first, ['gradient', 'first']),
      second: update(adam.second, ['gradient', 'second']),
      theta: update(adam.theta, ['theta', 'first', 'second'], ['rate', 'epsilon']),
    },
    sgd: {
      velocity: update(bind(sgd.velocity, { momentum }), ['gradient', 'velocity']),
      theta: update(sgd.theta, ['theta', 'velocity'], ['rate']),
    },
  }
}

/** patches, the indices of some → these patches */
export const gatherKernel = (n: number, rows: number): KernelText => ({
  source: `function (patches, order) { return patches[order[${y}]][${x}]; }`,
  columns: n,
  rows,
})

/** errors of earlier steps, squared errors by pixel, number of the step → errors of all steps */
export const errorsKernel = (n: number, steps: number): KernelText => ({
  source: `function (errors, squares, step) {
    let value = errors[${x}];
    if (${x} === step) {
      ${total('sum', n, 'squares[i]')}
      value = sum;
    }
    return value;
  }`,
  columns: steps,
})
