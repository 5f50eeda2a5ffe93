import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import type { GpuDevice, GpuKernel, Resident } from './gpuDevice.ts'
import { gradientKernels } from './gpuKernels.ts'
import type { GpuLayout } from './gpuLayout.ts'

/** Inputs and targets on the device; the same place where they are equal. */
export interface ResidentExamples {
  inputs: Resident
  targets: Resident
}

/** What a pass through the network and back leaves on the device. */
export interface Pass {
  /** Length h. */
  rhoHat: Resident
  /** Σ (ŷ − y)² over the rows, for each pixel. */
  squares: Resident
  /** Both products that make the gradient, still in blocks of rows. */
  products: readonly [Resident, Resident]
}

/** Cost and gradient for one number of rows, compiled at its first use. */
export interface GpuGradient {
  /** @param average  makes ρ̂ of the sums of activations, by one of the kernels below */
  pass(
    examples: ResidentExamples,
    theta: Resident,
    average: (sums: Resident) => Promise<Resident>,
  ): Promise<Pass>
  mean: GpuKernel
  /** ρ̂ mixed with that of the rows before; never reads what it wrote. */
  movingAverage: GpuKernel
  gradientSums: GpuKernel
  gradient: GpuKernel
}

export function compileGradient(
  device: GpuDevice,
  layout: GpuLayout,
  rows: number,
  hyper: Hyperparameters,
): GpuGradient {
  const { outputDelta, movingAverage, norms, columnSlopes, ...texts } = gradientKernels(layout, rows, hyper)
  const kernels = {} as Record<keyof typeof texts, GpuKernel>
  for (const [name, text] of Object.entries(texts)) kernels[name as keyof typeof texts] = device.compile(text)
  const outputDeltaKernel = outputDelta && device.compile(outputDelta)
  const normsKernel = norms && device.compile(norms)
  const columnSlopesKernel = columnSlopes && device.compile(columnSlopes)

  return {
    async pass({ inputs, targets }, theta, average) {
      const a2 = await kernels.hidden(inputs, await kernels.weights1(theta))
      const rhoHat = await average(await kernels.activationSums(a2))
      const residual = await kernels.residual(a2, await kernels.weights2(theta), targets)
      const delta3 = outputDeltaKernel ? await outputDeltaKernel(residual, targets) : residual
      const ofColumns = normsKernel ? [await normsKernel(theta)] : []
      const delta2 = await kernels.hiddenDelta(delta3, theta, rhoHat, a2, ...ofColumns)
      const toDecoder = columnSlopesKernel ? [theta, await columnSlopesKernel(rhoHat, ...ofColumns)] : []
      return {
        rhoHat,
        squares: await kernels.squareTotals(await kernels.squareSums(residual)),
        products: [
          await kernels.gradient1(delta2, inputs),
          await kernels.gradient2(delta3, a2, ...toDecoder),
        ],
      }
    },
    mean: kernels.mean,
    movingAverage: alternating(device, movingAverage),
    gradientSums: kernels.gradientSums,
    gradient: kernels.gradient,
  }
}

/** A kernel twice, called in turn: each may read what the other has just written, as a state that is updated does. */
export function alternating(device: GpuDevice, text: Parameters<GpuDevice['compile']>[0]): GpuKernel {
  const kernels = [device.compile(text), device.compile(text)]
  let turn = 0
  return (...inputs) => kernels[(turn ^= 1)](...inputs)
}
