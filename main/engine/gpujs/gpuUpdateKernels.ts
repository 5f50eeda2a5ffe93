import { beta1, beta2 } from '#main/optimiser/adam.ts'
import type { KernelText } from './gpuDevice.ts'
import { total, x, y } from './gpuKernelText.ts'
import type { GpuLayout } from './gpuLayout.ts'

/** The kernels of mini-batches that do not depend on their number of rows, all over vectors as long as theta. */
export function updateKernels({ length }: GpuLayout, momentum: number) {
  const update = (parameters: string, value: string): KernelText => ({
    source: `function (${parameters}) { return ${value}; }`,
    columns: length,
  })
  return {
    adam: {
      first: update('gradient, first', `${beta1} * first[${x}] + ${1 - beta1} * gradient[${x}]`),
      second: update(
        'gradient, second',
        `${beta2} * second[${x}] + ${1 - beta2} * gradient[${x}] * gradient[${x}]`,
      ),
      theta: update(
        'theta, first, second, rate, epsilon',
        `theta[${x}] - rate * first[${x}] / (Math.sqrt(second[${x}]) + epsilon)`,
      ),
    },
    sgd: {
      velocity: update('gradient, velocity', `${momentum} * velocity[${x}] + gradient[${x}]`),
      theta: update('theta, velocity, rate', `theta[${x}] - rate * velocity[${x}]`),
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
