import { formatNpy } from '#main/dataset/npy.ts'
import type { Weights } from '#shared/domain/run.ts'
import type { Whitening } from '#shared/filters/pixelFilters.ts'
import { formatNpyText } from './npyText.ts'
import type { ExportedWeights } from './weights/exportedWeights.ts'
import { writeWhole } from './writeWhole.ts'
import { zipParts } from './zipParts.ts'

export interface NamedArray {
  /** Lengths of the dimensions; their product is the number of values. */
  shape: readonly number[]
  /** Row-major; written as float32 or float64, whichever it is. */
  values: Float32Array | Float64Array
}

/** Arrays, and strings, by their names in the archive. */
export type NamedArrays = Record<string, NamedArray | string>

/** A NumPy archive; stored, not deflated: weights are noise to a packer. */
export function formatNpz(arrays: NamedArrays): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => ({
    name: `${name}.npy`,
    bytes: typeof array === 'string' ? formatNpyText(array) : formatNpy(array.shape, array.values),
  }))
  return Uint8Array.from(Buffer.concat([...zipParts(files)]))
}

/**
 * Writes an `.npz`, whole or not at all.
 * @throws LabError badInput where the file cannot be written, diskFull, shape
 */
export async function writeArrays(file: string, arrays: NamedArrays): Promise<void> {
  await writeWhole(file, formatNpz(arrays))
}

/** Weights under the names that every format shares: W1 h×n, W2 n×h, b1, b2. */
export function weightArrays({ visible: n, hidden: h, W1, W2, b1, b2 }: Weights): NamedArrays {
  return {
    W1: { shape: [h, n], values: W1 },
    W2: { shape: [n, h], values: W2 },
    b1: { shape: [h], values: b1 },
    b2: { shape: [n], values: b2 },
  }
}

const whiteningArrays = (n: number, { matrix, mean }: Whitening): NamedArrays => ({
  whitening: { shape: [n, n], values: matrix },
  ...(mean && { mean: { shape: [n], values: mean } }),
})

/**
 * Weights as `.npz`: W1, W2, b1, b2, rhoHat in float32, and the settings as a JSON string in `config`, the patches' as
 * one in `normalisation`. Where patches are
 * whitened, `whitening` and, where the mean of each value was removed, `mean`: patch = (x − mean) · whitening.
 */
export function formatWeightsNpz({
  weights,
  rhoHat,
  config,
  normalisation,
  whitening,
}: ExportedWeights): Uint8Array {
  return formatNpz({
    ...weightArrays(weights),
    rhoHat: { shape: [weights.hidden], values: rhoHat },
    ...(normalisation && { normalisation: JSON.stringify(normalisation) }),
    ...(whitening && whiteningArrays(weights.visible, whitening)),
    config: JSON.stringify(config),
  })
}
