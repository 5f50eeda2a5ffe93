import type { ZodType } from 'zod'
import { normalisationSchema, type Normalisation } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Weights } from '#shared/domain/run.ts'
import { runConfigSchema, type RunConfig } from '#shared/domain/runConfig.ts'
import { thetaLayout, thetaViews } from '#shared/model/theta.ts'

/** Weights that came from outside, checked. */
export interface ImportedWeights {
  weights: Weights
  /** The same in the file's own precision, in the layout of shared/model/theta.ts. */
  theta: Float64Array
  /** Length h; null where the file has none. */
  rhoHat: Float32Array | null
  /** null where the file has none, or one that Rho Lab does not know. */
  config: RunConfig | null
  /** Of the patches that they learnt from; null where the file does not say. */
  normalisation: Normalisation | null
}

/** An array of a file: its shape is known, its values are not read yet. */
export interface FoundArray {
  /** What the file calls it. */
  name: string
  shape: readonly number[]
  /** Row-major; as many as the shape says. */
  read(): Float32Array | Float64Array
}

export const weightNames = ['W1', 'W2', 'b1', 'b2'] as const
export type WeightName = (typeof weightNames)[number]

const mostHidden = 10_000
const mostParameters = 2 ** 28
/** A configuration longer than this is none of ours. */
export const longestConfigBytes = 1 << 20

/**
 * Weights from the arrays of a file. All shapes are checked before any array is read.
 * @param notes  JSON texts; what cannot be read of them is null
 * @param file   what messages call the file
 * @throws LabError shape where the arrays do not fit each other; badInput where a value is not a finite float32
 */
export function importWeights(
  arrays: Record<WeightName, FoundArray> & { rhoHat?: FoundArray },
  notes: { config: string | null; normalisation: string | null },
  file: string,
): ImportedWeights {
  const { h, n } = checkShapes(arrays, file)
  const { W1, W2, b1, b2, rhoHat } = arrays
  if (rhoHat) checkVector(rhoHat, h, file)
  const theta = new Float64Array(thetaLayout({ n, h }).length)
  const exact = thetaViews(theta, { n, h })
  const read = (array: FoundArray, into?: Float64Array) => readFinite(array, file, into)
  return {
    weights: {
      visible: n,
      hidden: h,
      W1: read(W1, exact.W1),
      W2: read(W2, exact.W2),
      b1: read(b1, exact.b1),
      b2: read(b2, exact.b2),
    },
    theta,
    rhoHat: rhoHat ? read(rhoHat) : null,
    config: readConfig(notes.config),
    normalisation: readNote(notes.normalisation, normalisationSchema),
  }
}

function checkShapes(
  { W1, W2, b1, b2 }: Record<WeightName, FoundArray>,
  file: string,
): { h: number; n: number } {
  const [h, n] = W1.shape
  const is = `${W1.name} in ${file} has shape ${text(W1.shape)}`
  if (W1.shape.length !== 2 || !(h >= 1 && n >= 1)) {
    throw new LabError('shape', `${is}. It must be hidden units × pixels.`)
  }
  if (h > mostHidden || 2 * h * n > mostParameters) {
    throw new LabError('shape', `${is}, which is too large. Use at most ${mostHidden} hidden units.`)
  }
  if (W2.shape.length !== 2 || W2.shape[0] !== n || W2.shape[1] !== h) {
    throw new LabError(
      'shape',
      `${W2.name} in ${file} has shape ${text(W2.shape)}. With ${W1.name} of ${text(W1.shape)} it must be ${text([n, h])}.`,
    )
  }
  checkVector(b1, h, file)
  checkVector(b2, n, file)
  return { h, n }
}

/** One dimension, or a column or row as MATLAB keeps vectors. */
function checkVector({ name, shape }: FoundArray, length: number, file: string): void {
  const count = shape.reduce((product, size) => product * size, 1)
  if (count === length && shape.filter((size) => size !== 1).length <= 1) return
  throw new LabError(
    'shape',
    `${name} in ${file} has shape ${text(shape)}. With this encoder it must have ${length} values.`,
  )
}

const text = (shape: readonly number[]) => (shape.length === 0 ? 'of a single number' : shape.join(' × '))

/** @param into  gets the values as they are */
function readFinite(array: FoundArray, file: string, into?: Float64Array): Float32Array {
  const values = array.read()
  const floats = values instanceof Float32Array ? values : Float32Array.from(values)
  const bad = floats.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    throw new LabError(
      'badInput',
      `${array.name} in ${file} holds ${values[bad]} at place ${bad}. Give weights that are finite numbers.`,
    )
  }
  into?.set(values)
  return floats
}

/** The configuration is a note beside the weights: one that cannot be read does not spoil them. */
export const readConfig = (json: string | null): RunConfig | null => readNote(json, runConfigSchema)

function readNote<T>(json: string | null, schema: ZodType<T>): T | null {
  if (json === null || json.length > longestConfigBytes) return null
  try {
    const parsed = schema.safeParse(JSON.parse(json))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** ρ̂ of h units from JSON text; a note as well. */
export function readRhoHat(json: string | null, h: number): Float32Array | null {
  if (json === null || json.length > longestConfigBytes) return null
  try {
    const values: unknown = JSON.parse(json)
    if (!Array.isArray(values) || values.length !== h) return null
    return values.every(Number.isFinite) ? Float32Array.from(values) : null
  } catch {
    return null
  }
}
