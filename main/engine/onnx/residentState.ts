import type { Tensor } from 'onnxruntime-node'
import { LabError } from '#shared/domain/labError.ts'
import type { Optimiser } from '#shared/domain/runConfig.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
import type { MiniBatchState, Patches } from '../engine.ts'
import { momentNames, nextName } from './epochGraph.ts'
import type { ElementType } from './onnxModel.ts'
import type { OnnxRuntime } from './runtime.ts'
import { tensorOf, valuesOf } from './tensors.ts'

/**
 * The optimiser's state in the graph's precision, twice: a run reads one half and writes the other, then they change
 * places. What is read out and loaded again is the same to the bit.
 */
export function createResidentState(
  ort: OnnxRuntime,
  elementType: ElementType,
  size: NetworkSize,
  optimiser: Optimiser,
) {
  const { length } = thetaLayout(size)
  const names = ['theta', ...momentNames(optimiser), 'rhoHat'] as const
  const half = () => {
    const values = {} as Record<(typeof names)[number], Patches>
    const tensors: Record<string, Tensor> = {}
    for (const name of names) {
      values[name] = valuesOf(elementType, name === 'rhoHat' ? size.h : length)
      tensors[name] = tensorOf(ort, values[name], name === 'rhoHat' ? [1, size.h] : [length])
    }
    const outputs = Object.fromEntries(names.map((name) => [nextName(name), tensors[name]]))
    return { values, inputs: tensors, outputs }
  }
  let here = half()
  let next = half()
  let step = 0

  return {
    /** Steps taken. */
    step: () => step,
    inputs: () => here.inputs,
    outputs: () => next.outputs,
    /** What a run has written is the state from now on. */
    advance(steps: number) {
      ;[here, next] = [next, here]
      step += steps
    },

    load(from: MiniBatchState) {
      if (from.theta.length !== length || from.firstMoment.length !== length) {
        throw new LabError('shape', `The optimiser's state does not fit a network of ${length} parameters.`)
      }
      here.values.theta.set(from.theta)
      here.values.firstMoment.set(from.firstMoment)
      if (optimiser !== 'sgd') here.values.secondMoment.set(from.secondMoment)
      // Before the first step ρ̂ is not a number, and 0·NaN is NaN: the graph takes 0 of 0.
      here.values.rhoHat.set(from.step === 0 ? new Float64Array(size.h) : from.rhoHat)
      step = from.step
    },

    read: (): MiniBatchState => ({
      theta: Float64Array.from(here.values.theta),
      firstMoment: Float64Array.from(here.values.firstMoment),
      secondMoment: Float64Array.from(optimiser === 'sgd' ? [] : here.values.secondMoment),
      rhoHat: step === 0 ? new Float64Array(size.h).fill(Number.NaN) : Float64Array.from(here.values.rhoHat),
      step,
    }),
  }
}

export type ResidentState = ReturnType<typeof createResidentState>
