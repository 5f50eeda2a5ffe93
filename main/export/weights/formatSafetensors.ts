import type { ExportedWeights } from './exportedWeights.ts'
import { preambleBytes } from './safetensorsHeader.ts'

/** Our names of the tensors; those of a PyTorch module with two linear layers. */
export const tensorNames = {
  W1: 'encoder.weight',
  b1: 'encoder.bias',
  W2: 'decoder.weight',
  b2: 'decoder.bias',
} as const

/**
 * Weights as `.safetensors`: float32, little-endian, row-major; `config` and `rhoHat` as JSON texts in the metadata.
 * @see https://github.com/huggingface/safetensors#format
 */
export function formatSafetensors({ weights, rhoHat, config, normalisation }: ExportedWeights): Uint8Array {
  const { visible: n, hidden: h, W1, W2, b1, b2 } = weights
  const tensors = [
    { name: tensorNames.W1, shape: [h, n], values: W1 },
    { name: tensorNames.b1, shape: [h], values: b1 },
    { name: tensorNames.W2, shape: [n, h], values: W2 },
    { name: tensorNames.b2, shape: [n], values: b2 },
  ]
  let end = 0
  const described = tensors.map(({ name, shape, values }) => {
    const begin = end
    end += values.byteLength
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const
  })
  const metadata = {
    format: 'pt',
    config: JSON.stringify(config),
    ...(normalisation && { normalisation: JSON.stringify(normalisation) }),
    // The same float32 again when it is read: JSON has every digit of them.
    rhoHat: JSON.stringify(Array.from(rhoHat)),
  }
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(described) })
  const text = new TextEncoder().encode(json)
  // Spaces after the header let the values start where they can be mapped into memory.
  const headerBytes = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(preambleBytes + headerBytes + end).fill(0x20, preambleBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true)
  bytes.set(text, preambleBytes)
  let at = preambleBytes + headerBytes
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += values.byteLength
  }
  return bytes
}
