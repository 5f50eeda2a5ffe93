import { parseNpy } from '#main/dataset/npy.ts'
import { headerBytes, parseNpyHeader } from '#main/dataset/npy/npyHeader.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Weights } from '#shared/domain/run.ts'
import { runConfigSchema, type RunConfig } from '#shared/domain/runConfig.ts'
import { parseNpyText } from './npyText.ts'
import { listZip, type ZipMember } from './zip.ts'

/** Weights that came from outside, checked. */
export interface ImportedWeights {
  weights: Weights
  /** Length h; null where the file has none. */
  rhoHat: Float32Array | null
  /** null where the file has none, or one that Rho Lab does not know. */
  config: RunConfig | null
}

const required = ['W1', 'W2', 'b1', 'b2'] as const
const mostHidden = 10_000
const mostParameters = 2 ** 28
const longestConfigBytes = 1 << 20

/**
 * Weights from the bytes of an `.npz`. All shapes are checked before any array is unpacked.
 * @param name what messages call the file
 * @throws LabError badInput, shape
 */
export function parseNpz(bytes: Uint8Array, name: string): ImportedWeights {
  const members = listZip(bytes, name)
  const missing = required.filter((array) => !members.has(`${array}.npy`))
  if (missing.length > 0) throw lacking(name, missing, members)
  const member = (array: string) => members.get(`${array}.npy`)
  const shapes = (array: (typeof required)[number]) => peekShape(member(array)!, `${array} in ${name}`)
  const { h, n } = checkShapes(name, {
    W1: shapes('W1'),
    W2: shapes('W2'),
    b1: shapes('b1'),
    b2: shapes('b2'),
  })
  const rhoHat = member('rhoHat')
  if (rhoHat) checkVector(name, 'rhoHat', peekShape(rhoHat, `rhoHat in ${name}`), h)
  const read = (array: (typeof required)[number]) => readFloats(member(array)!, `${array} in ${name}`)
  return {
    weights: { visible: n, hidden: h, W1: read('W1'), W2: read('W2'), b1: read('b1'), b2: read('b2') },
    rhoHat: rhoHat ? readFloats(rhoHat, `rhoHat in ${name}`) : null,
    config: readConfig(member('config'), name),
  }
}

function peekShape(member: ZipMember, name: string): number[] {
  const start = member.peek()
  return parseNpyHeader(start.subarray(0, headerBytes(start, name)), member.sizeBytes, name).shape
}

function checkShapes(
  name: string,
  shapes: Record<(typeof required)[number], number[]>,
): { h: number; n: number } {
  const { W1, W2, b1, b2 } = shapes
  const [h, n] = W1
  if (W1.length !== 2 || h < 1 || n < 1) {
    throw new LabError('shape', `W1 in ${name} has shape ${text(W1)}. It must be hidden units × pixels.`)
  }
  if (h > mostHidden || 2 * h * n > mostParameters) {
    throw new LabError(
      'shape',
      `W1 in ${name} has shape ${text(W1)}, which is too large. Use at most ${mostHidden} hidden units.`,
    )
  }
  if (W2.length !== 2 || W2[0] !== n || W2[1] !== h) {
    throw new LabError(
      'shape',
      `W2 in ${name} has shape ${text(W2)}. With W1 of ${text(W1)} it must be ${text([n, h])}.`,
    )
  }
  checkVector(name, 'b1', b1, h)
  checkVector(name, 'b2', b2, n)
  return { h, n }
}

/** One dimension, or a column or row as MATLAB keeps vectors. */
function checkVector(name: string, array: string, shape: number[], length: number): void {
  const count = shape.reduce((product, size) => product * size, 1)
  if (count === length && shape.filter((size) => size !== 1).length <= 1) return
  throw new LabError(
    'shape',
    `${array} in ${name} has shape ${text(shape)}. With this W1 it must have ${length} values.`,
  )
}

const text = (shape: readonly number[]) => (shape.length === 0 ? 'of a single number' : shape.join(' × '))

function readFloats(member: ZipMember, name: string): Float32Array {
  const { values } = parseNpy(member.read(), name)
  const floats = values instanceof Float32Array ? values : Float32Array.from(values)
  const bad = floats.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    throw new LabError(
      'badInput',
      `${name} holds ${values[bad]} at place ${bad}. Give weights that are finite numbers.`,
    )
  }
  return floats
}

/** The configuration is a note beside the weights: one that cannot be read does not spoil them. */
function readConfig(member: ZipMember | undefined, name: string): RunConfig | null {
  if (!member || member.sizeBytes > longestConfigBytes) return null
  try {
    const json = parseNpyText(member.read(), name)
    const parsed = runConfigSchema.safeParse(json === null ? null : JSON.parse(json))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function lacking(name: string, missing: readonly string[], members: Map<string, ZipMember>): LabError {
  const there = [...members.keys()].slice(0, 8).map((member) => member.replace(/\.npy$/, ''))
  const has = there.length === 0 ? 'it is empty' : `it has ${there.join(', ')}`
  return new LabError(
    'badInput',
    `${name} lacks ${missing.join(', ')}; ${has}. Save W1, W2, b1 and b2 with numpy.savez.`,
  )
}
