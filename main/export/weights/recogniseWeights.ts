import { LabError } from '#shared/domain/labError.ts'
import { tensorNames } from './formatSafetensors.ts'
import { weightNames, type FoundArray, type WeightName } from './importedWeights.ts'

// Which arrays of a file are W1, W2, b1 and b2: by our names, by those of two linear layers, as the UFLDL course's one
// vector, or by shapes, where these and the names leave one answer.

/** What is known of weights beside their file. */
export interface WeightHints {
  /** h, where somebody said so. */
  hidden?: number | undefined
  /** n of the datasets that they may be for. */
  visible?: readonly number[] | undefined
}

export type RecognisedWeights = Record<WeightName, FoundArray>

/**
 * @param file what messages call it
 * @param mend a sentence: how such a file is to be saved
 * @throws LabError badInput, listing what was found, where something is missing or not certain
 */
export function recogniseWeights(
  arrays: readonly FoundArray[],
  { file, mend, hints }: { file: string; mend: string; hints: WeightHints },
): RecognisedWeights {
  const byName = new Map(arrays.map((array) => [array.name, array]))
  const namings = [Object.fromEntries(weightNames.map((name) => [name, name])), tensorNames] as Record<
    WeightName,
    string
  >[]
  for (const naming of namings) {
    if (!weightNames.every((name) => byName.has(naming[name]))) continue
    return Object.fromEntries(
      weightNames.map((name) => [name, byName.get(naming[name])!]),
    ) as RecognisedWeights
  }
  const matrices = arrays.filter(isMatrix)
  if (isMisspelt(byName, matrices.length)) throw refusal(arrays, matrices, file, mend)
  const found =
    matrices.length === 0 ? fromOneVector(arrays, hints, file) : fromShapes(matrices, arrays, hints)
  if (found) return found
  throw refusal(arrays, matrices, file, mend)
}

/**
 * Of our names one alone is missing: what stands in its place has been renamed or damaged, and is not guessed. Tied
 * weights have no W2.
 */
function isMisspelt(byName: ReadonlyMap<string, FoundArray>, matrices: number): boolean {
  const missing = weightNames.filter((name) => !byName.has(name))
  return missing.length === 1 && !(missing[0] === 'W2' && matrices === 1)
}

const isMatrix = ({ shape }: FoundArray) => shape.length === 2 && shape[0] > 1 && shape[1] > 1
const lengthOf = ({ shape }: FoundArray) => shape.reduce((product, length) => product * length, 1)
const isVector = (array: FoundArray) =>
  lengthOf(array) > 1 && array.shape.filter((length) => length !== 1).length === 1

function refusal(
  arrays: readonly FoundArray[],
  matrices: readonly FoundArray[],
  file: string,
  mend: string,
): LabError {
  const there = arrays.slice(0, 8).map(({ name, shape }) => `${name} (${shape.join(' × ') || 'one number'})`)
  const has = arrays.length === 0 ? 'it is empty' : `it has ${there.join(', ')}`
  if (matrices.length < 2 || arrays.some(({ name }) => (weightNames as readonly string[]).includes(name))) {
    const missing = weightNames.filter((name) => !arrays.some((array) => array.name === name))
    return new LabError('badInput', `${file} lacks ${missing.join(', ')}; ${has}. ${mend}`)
  }
  return new LabError(
    'badInput',
    `Which arrays of ${file} are the weights is not certain: ${has}. Save two matrices and two biases, named W1 (hidden units × values), b1, W2 (values × hidden units), b2.`,
  )
}

/** The course's `opttheta`: W1(:), W2(:), b1, b2, column by column. @see UFLDL, sparseAutoencoderCost.m */
function fromOneVector(
  arrays: readonly FoundArray[],
  hints: WeightHints,
  file: string,
): RecognisedWeights | null {
  const vectors = arrays.filter(isVector)
  const theta = vectors.find(({ name }) => /theta$/i.test(name)) ?? (vectors.length === 1 ? vectors[0] : null)
  if (!theta) return null
  const scalar = (pattern: RegExp) => {
    const array = arrays.find((one) => pattern.test(one.name) && lengthOf(one) === 1)
    return array && array.read()[0]
  }
  const length = lengthOf(theta)
  const hidden = scalar(/^hidden_?size$/i) ?? hints.hidden
  const visible = scalar(/^visible_?size$/i)
  const sizes = sizesOf(length, hidden, visible === undefined ? hints.visible : [visible])
  if (sizes.length !== 1) {
    const problem =
      sizes.length === 0
        ? 'fits no such network'
        : `fits ${sizes.map(({ h }) => h).join(' or ')} hidden units`
    const given = hidden === undefined ? '' : ` of ${hidden} hidden units`
    throw new LabError(
      'badInput',
      `${theta.name} in ${file} is one vector of ${length} values, which ${problem}${given}. Give --hidden, or save visibleSize and hiddenSize beside it.`,
    )
  }
  const [{ n, h }] = sizes
  const part = (name: string, from: number, rows: number, columns: number): FoundArray => ({
    name: `${theta.name} (${name})`,
    shape: columns === 1 ? [rows] : [rows, columns],
    read: () => turned(theta.read().slice(from, from + rows * columns), columns, rows),
  })
  return {
    W1: part('W1', 0, h, n),
    W2: part('W2', h * n, n, h),
    b1: part('b1', 2 * h * n, h, 1),
    b2: part('b2', 2 * h * n + h, n, 1),
  }
}

/** n and h with 2·h·n + h + n = length, as far as something is known of them. */
function sizesOf(
  length: number,
  hidden: number | undefined,
  visible: readonly number[] | undefined,
): { n: number; h: number }[] {
  const fits = ({ n, h }: { n: number; h: number }) =>
    Number.isInteger(n) && Number.isInteger(h) && n > 0 && h > 0 && 2 * h * n + h + n === length
  const known =
    visible && visible.length > 0
      ? [...new Set(visible)].map((n) => ({ n, h: (length - n) / (2 * n + 1) }))
      : hidden === undefined
        ? []
        : [{ n: (length - hidden) / (2 * hidden + 1), h: hidden }]
  const found = known.filter((size) => fits(size) && (hidden === undefined || size.h === hidden))
  if (found.length > 0 || hidden === undefined) return found
  return [{ n: (length - hidden) / (2 * hidden + 1), h: hidden }].filter(fits)
}

/** Rows become columns. */
function turned<T extends Float32Array | Float64Array>(values: T, rows: number, columns: number): T {
  const result = values.slice() as T
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]
  }
  return result
}

const turnedArray = ({ name, shape, read }: FoundArray): FoundArray => ({
  name,
  shape: [shape[1], shape[0]],
  read: () => turned(read(), shape[0], shape[1]),
})

/** What a matrix and its bias have in common: "encoder.0" of encoder.0.weight, "enc" of W_enc. */
function moduleOf(name: string): string {
  const plain = name.toLowerCase().replace(/:0$/, '')
  const behind = /^(.*?)[._/]?(weights?|kernel|bias(?:es)?|w|b)$/.exec(plain)?.[1]
  if (behind) return behind
  return /^(?:weights?|kernel|bias(?:es)?|w|b)[._]?(.+)$/.exec(plain)?.[1] ?? plain
}

/** Outputs × inputs, as PyTorch has it, or the other way round, as Keras and JAX have it; null where no name says so. */
function isOutputsFirst(name: string): boolean | null {
  if (/kernel|^w_(enc|dec)$/i.test(name)) return false
  return /weight$/i.test(name) ? true : null
}

function fromShapes(
  matrices: readonly FoundArray[],
  arrays: readonly FoundArray[],
  hints: WeightHints,
): RecognisedWeights | null {
  if (matrices.length > 2) return null
  const [p, q] = matrices[0].shape
  const isAlike = ({ shape: [a, b] }: FoundArray) => (a === p && b === q) || (a === q && b === p)
  if (!matrices.every(isAlike)) return null
  const vectors = arrays.filter((array) => isVector(array) && [p, q].includes(lengthOf(array)))
  const pairOf = (matrix: FoundArray) =>
    vectors.find((vector) => moduleOf(vector.name) === moduleOf(matrix.name))
  const encoder = matrices.length === 1 ? matrices[0] : encoderOf(matrices, pairOf, hints, p === q)
  if (encoder === null) return null
  const decoder = matrices.length === 1 ? null : matrices.find((matrix) => matrix !== encoder)!
  const h = hiddenOf(encoder, pairOf(encoder), vectors, hints)
  if (h === null) return null
  const n = h === p ? q : p
  const isSquare = p === q
  const first = isSquare ? isOutputsFirst(encoder.name) : encoder.shape[0] === h
  if (first === null) return null
  const W1 = first ? encoder : turnedArray(encoder)
  const second = decoder && (isSquare ? isOutputsFirst(decoder.name) : decoder.shape[0] === n)
  if (second === null && decoder !== null) return null
  const W2 =
    decoder === null
      ? { ...turnedArray(W1), name: `${encoder.name}ᵀ` }
      : second
        ? decoder
        : turnedArray(decoder)
  const biases = biasesOf({ encoder, decoder, h, n, vectors, pairOf })
  return biases && { W1, W2, ...biases }
}

/** By name, by number, or by which of their biases has the length of no dataset's patches. */
function encoderOf(
  matrices: readonly FoundArray[],
  pairOf: (matrix: FoundArray) => FoundArray | undefined,
  { hidden, visible = [] }: WeightHints,
  isSquare: boolean,
): FoundArray | null {
  const [a, b] = matrices
  const encoders = matrices.filter(({ name }) => /enc/i.test(name))
  if (encoders.length === 1) return encoders[0]
  const decoders = matrices.filter(({ name }) => /dec/i.test(name))
  if (decoders.length === 1) return decoders[0] === a ? b : a
  const [x, y] = [numberedName(a.name), numberedName(b.name)]
  if (x.plain === y.plain && x.number !== y.number) return x.number < y.number ? a : b
  if (isSquare) return null
  const outputs = matrices.map((matrix) => pairOf(matrix) && lengthOf(pairOf(matrix)!))
  const isHidden = (length: number | undefined) =>
    length !== undefined &&
    (hidden === undefined ? visible.length > 0 && !visible.includes(length) : length === hidden)
  if (isHidden(outputs[0]) !== isHidden(outputs[1])) return isHidden(outputs[0]) ? a : b
  return null
}

/** fc1.weight, fc2.weight; dense/kernel, dense_1/kernel; 0.weight, 2.weight: the last number that differs counts. */
function numberedName(name: string): { plain: string; number: number } {
  const numbers = name.match(/\d+/g) ?? []
  const own = name.replace(/[._/]?(weights?|kernel|w)(:0)?$/i, '')
  return {
    plain: name.replace(/_?\d+/g, ''),
    number: /\d+/.test(own)
      ? Number(own.match(/\d+/g)!.at(-1))
      : numbers.length > 0
        ? Number(numbers.at(-1))
        : -1,
  }
}

function hiddenOf(
  encoder: FoundArray,
  bias: FoundArray | undefined,
  vectors: readonly FoundArray[],
  { hidden, visible = [] }: WeightHints,
): number | null {
  const [p, q] = encoder.shape
  if (p === q) return p
  if (bias) return lengthOf(bias)
  if (hidden !== undefined && encoder.shape.includes(hidden)) return hidden
  const named = vectors.find(({ name }) => /enc|hid/i.test(name))
  if (named) return lengthOf(named)
  const outputsFirst = isOutputsFirst(encoder.name)
  if (outputsFirst !== null) return outputsFirst ? p : q
  const known = [p, q].filter((length) => visible.includes(length))
  return known.length === 1 ? (known[0] === p ? q : p) : null
}

function biasesOf({
  encoder,
  decoder,
  h,
  n,
  vectors,
  pairOf,
}: {
  encoder: FoundArray
  decoder: FoundArray | null
  h: number
  n: number
  vectors: readonly FoundArray[]
  pairOf: (matrix: FoundArray) => FoundArray | undefined
}): Pick<RecognisedWeights, 'b1' | 'b2'> | null {
  // Layers without a bias have one of zeros.
  if (vectors.length === 0) return { b1: zeros('b1', h), b2: zeros('b2', n) }
  const only = (length: number, not: FoundArray | undefined) => {
    const those = vectors.filter((vector) => lengthOf(vector) === length && vector !== not)
    return those.length === 1 ? those[0] : undefined
  }
  const b1 = pairOf(encoder) ?? only(h, decoder ? pairOf(decoder) : undefined)
  const b2 = (decoder && pairOf(decoder)) ?? only(n, b1)
  if (!b1 || !b2 || b1 === b2 || lengthOf(b1) !== h || lengthOf(b2) !== n) return null
  return { b1, b2 }
}

const zeros = (name: string, length: number): FoundArray => ({
  name,
  shape: [length],
  read: () => new Float32Array(length),
})
