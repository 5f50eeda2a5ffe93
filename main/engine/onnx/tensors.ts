import type { Tensor } from 'onnxruntime-node'
import type { Patches } from '../engine.ts'
import type { ElementType } from './onnxModel.ts'

export type OnnxRuntime = typeof import('onnxruntime-node')

/** Numbers in a graph's precision. */
export const valuesOf = (elementType: ElementType, length: number): Patches =>
  elementType === 'float32' ? new Float32Array(length) : new Float64Array(length)

/** A tensor over these very numbers: nothing is copied. */
export const tensorOf = (ort: OnnxRuntime, values: Patches, dims: readonly number[]): Tensor =>
  values instanceof Float32Array
    ? new ort.Tensor('float32', values, dims)
    : new ort.Tensor('float64', values, dims)
