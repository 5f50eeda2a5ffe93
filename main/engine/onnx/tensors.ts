import type { Tensor } from 'onnxruntime-node'
import type { Patches } from '../engine.ts'
import { createGraphBuilder } from './graphBuilder.ts'
import type { ElementType } from './onnxModel.ts'
import type { OnnxRuntime } from './runtime.ts'
import { sessionOptions } from './threading.ts'

/** Numbers in a graph's precision. */
export const valuesOf = (elementType: ElementType, length: number): Patches =>
  elementType === 'float32' ? new Float32Array(length) : new Float64Array(length)

export const sharedFloat64 = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(8 * length))

/** Numbers in a graph's precision, in memory that all threads see. */
export const sharedValues = (elementType: ElementType, length: number): Patches =>
  elementType === 'float32' ? new Float32Array(new SharedArrayBuffer(4 * length)) : sharedFloat64(length)

/** A tensor over these very numbers: nothing is copied. */
export const tensorOf = (ort: OnnxRuntime, values: Patches, dims: readonly number[]): Tensor =>
  values instanceof Float32Array
    ? new ort.Tensor('float32', values, dims)
    : new ort.Tensor('float64', values, dims)

/** The same numbers where ONNX Runtime can read them: a copy if they are shared and this Node is older than 24. */
export async function readable(ort: OnnxRuntime, values: Patches): Promise<Patches> {
  return values.buffer instanceof ArrayBuffer || (await readsSharedMemory(ort)) ? values : values.slice()
}

let answer: Promise<boolean> | undefined

function readsSharedMemory(ort: OnnxRuntime): Promise<boolean> {
  answer ??= (async () => {
    const graph = createGraphBuilder('float32')
    const input = graph.input('input', [1])
    graph.output('output', graph.node('Neg', [input]), [1])
    const session = await ort.InferenceSession.create(
      graph.bytes(),
      sessionOptions({ threads: 1, spin: false }),
    )
    try {
      const shared = new Float32Array(new SharedArrayBuffer(4))
      await session.run({ input: tensorOf(ort, shared, [1]) })
      return true
    } catch {
      return false
    } finally {
      await session.release()
    }
  })()
  return answer
}
