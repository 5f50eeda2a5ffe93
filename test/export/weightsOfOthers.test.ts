import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { holdsWeights } from '#main/dataset/array/holdsWeights.ts'
import { formatNpz } from '#main/export/npz.ts'
import { parseWeights, readWeights } from '#main/export/importWeights.ts'
import type { WeightHints } from '#main/export/weights/recogniseWeights.ts'
import { makeFolder } from '../db/makeLibrary.ts'

// Weights as others name and keep them; the same network each time (see the README of the fixtures).

const others = (name: string) => path.join(import.meta.dirname, '../fixtures/others', name)
const [h, n] = [3, 8]
const matrix = (rows: number, columns: number, at: (row: number, column: number) => number) =>
  Float32Array.from({ length: rows * columns }, (_, k) => at(Math.floor(k / columns), k % columns))
const W1 = matrix(h, n, (j, i) => (n * j + i) / 100)
const W2 = matrix(n, h, (i, j) => 1 + (h * i + j) / 100)
const b1 = matrix(h, 1, (j) => j / 10)
const b2 = matrix(n, 1, (i) => -i / 10)
const turned = (values: Float32Array, rows: number, columns: number) =>
  matrix(columns, rows, (row, column) => values[column * columns + row])
const W1T = turned(W1, h, n)
const W2T = turned(W2, n, h)

type Tensors = Record<string, [shape: number[], values: Float32Array]>

/** A `.safetensors` of float32, or of the upper halves of it. */
function safetensors(tensors: Tensors, dtype: 'F32' | 'BF16' = 'F32'): Buffer {
  const header: Record<string, unknown> = {}
  const parts: Buffer[] = []
  let at = 0
  for (const [name, [shape, values]] of Object.entries(tensors)) {
    const words = new Uint32Array(values.slice().buffer)
    const bytes =
      dtype === 'F32'
        ? Buffer.from(words.buffer)
        : Buffer.from(Uint16Array.from(words, (word) => word >>> 16).buffer)
    header[name] = { dtype, shape, data_offsets: [at, (at += bytes.length)] }
    parts.push(bytes)
  }
  const text = Buffer.from(JSON.stringify(header))
  const preamble = Buffer.alloc(8)
  preamble.writeUInt32LE(text.length)
  return Buffer.concat([preamble, text, ...parts])
}

const layers = (names: [W1: string, b1: string, W2: string, b2: string]): Tensors => ({
  [names[0]]: [[h, n], W1],
  [names[1]]: [[h], b1],
  [names[2]]: [[n, h], W2],
  [names[3]]: [[n], b2],
})
const pyTorch = (first: string, second: string): Tensors =>
  layers([`${first}.weight`, `${first}.bias`, `${second}.weight`, `${second}.bias`])
const turnedLayers = (names: [string, string, string, string]): Tensors => ({
  ...layers(names),
  [names[0]]: [[n, h], W1T],
  [names[2]]: [[h, n], W2T],
})

async function expectNetwork(read: ReturnType<typeof readWeights>, digits = 6): Promise<void> {
  const { weights } = await read
  expect([weights.hidden, weights.visible]).toEqual([h, n])
  for (const [name, wanted] of Object.entries({ W1, W2, b1, b2 })) {
    const values = weights[name as 'W1']
    expect(values).toHaveLength(wanted.length)
    values.forEach((value, k) => expect(value).toBeCloseTo(wanted[k], digits))
  }
}

describe('weights are known whatever their names', () => {
  test.each<[what: string, tensors: Tensors]>([
    ['encoder.0 and decoder.0 of a Sequential', pyTorch('encoder.0', 'decoder.0')],
    ['fc1 and fc2', pyTorch('fc1', 'fc2')],
    ['layers 0 and 2', pyTorch('net.0', 'net.2')],
    ['inside of a module', pyTorch('model.autoencoder.enc', 'model.autoencoder.dec')],
    ['an encoder behind its decoder', pyTorch('z.encoder', 'a.decoder')],
    [
      'kernels of Keras or Flax',
      turnedLayers(['dense/kernel', 'dense/bias', 'dense_1/kernel', 'dense_1/bias']),
    ],
    ['w_in and w_out of an encoder', layers(['W_encoder', 'b_encoder', 'W_decoder', 'b_decoder'])],
  ])('%s', async (_what, tensors) => {
    await expectNetwork(parseWeights(safetensors(tensors), 'w.safetensors'))
  })

  test('in a .npz, with transposed matrices', async () => {
    const tensors = turnedLayers(['enc_w', 'enc_b', 'dec_w', 'dec_b'])
    const arrays = Object.entries(tensors).map(([name, [shape, values]]) => [name, { shape, values }])
    await expectNetwork(parseWeights(formatNpz(Object.fromEntries(arrays)), 'w.npz'))
  })

  test('in bfloat16', async () => {
    await expectNetwork(parseWeights(safetensors(pyTorch('encoder', 'decoder'), 'BF16'), 'w.safetensors'), 1)
  })

  test('in a file of Keras', () => expectNetwork(readWeights(others('keras.weights.h5'))))

  test('tied: the decoder is the encoder turned', async () => {
    const { 'decoder.weight': _, ...tied } = pyTorch('encoder', 'decoder')
    const { weights } = await parseWeights(safetensors(tied), 'w.safetensors')
    expect(weights.W1).toEqual(W1)
    expect(weights.W2).toEqual(W1T)
    expect([weights.b1, weights.b2]).toEqual([b1, b2])
  })

  test('layers without biases have biases of zero', async () => {
    const tensors: Tensors = { 'encoder.weight': [[h, n], W1], 'decoder.weight': [[n, h], W2] }
    const { weights } = await parseWeights(safetensors(tensors), 'w.safetensors')
    expect([weights.W1, weights.W2]).toEqual([W1, W2])
    expect([...weights.b1, ...weights.b2].every((bias) => bias === 0)).toBe(true)
  })

  test.each<[what: string, tensors: Tensors, sentence: string]>([
    [
      'two matrices without names',
      layers(['a', 'p', 'b', 'q']),
      'is not certain: it has a (3 × 8), p (3), b (8 × 3), q (8).',
    ],
    [
      'four matrices',
      { ...pyTorch('l1', 'l2'), ...pyTorch('l3', 'l4') },
      'Save two matrices and two biases, named W1 (hidden units × values)',
    ],
    [
      'a name of ours that is misspelt',
      layers(['W3', 'b1', 'W2', 'b2']),
      'w.safetensors lacks W1; it has W3',
    ],
    ['a matrix alone', { activations: [[h, n], W1] }, 'lacks W1, W2, b1, b2; it has activations (3 × 8).'],
  ])('%s are refused, with what was found', async (_what, tensors, sentence) => {
    await expect(parseWeights(safetensors(tensors), 'w.safetensors')).rejects.toThrow(sentence)
  })

  test('what names leave open, the size of a dataset’s patches tells', async () => {
    const tensors = layers(['a.weight', 'a.bias', 'b.weight', 'b.bias'])
    await expectNetwork(parseWeights(safetensors(tensors), 'w.safetensors', { visible: [n] }))
  })
})

describe('the course’s opttheta, one vector, columns first', () => {
  test.each<[file: string, hints: WeightHints]>([
    ['opttheta.mat', {}],
    ['opttheta-alone.mat', { hidden: h }],
    ['opttheta-alone.mat', { visible: [64, n] }],
  ])('%s %o', (file, hints) => expectNetwork(readWeights(others(file), hints)))

  test('without any size is refused, with the mend', async () => {
    await expect(readWeights(others('opttheta-alone.mat'))).rejects.toThrow(
      'optTheta in opttheta-alone.mat is one vector of 59 values, which fits no such network. Give --hidden, or save visibleSize and hiddenSize beside it.',
    )
    await expect(readWeights(others('opttheta-alone.mat'), { hidden: 4 })).rejects.toThrow(
      'of 4 hidden units',
    )
  })
})

describe('a SAELens folder', () => {
  function folderOf(config: object): string {
    const folder = path.join(makeFolder(), 'sae')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'cfg.json'), JSON.stringify(config))
    const tensors: Tensors = {
      W_enc: [[n, h], W1T],
      b_enc: [[h], b1],
      W_dec: [[h, n], W2T],
      b_dec: [[n], b2],
    }
    writeFileSync(path.join(folder, 'sae_weights.safetensors'), safetensors(tensors))
    return folder
  }

  test('is read, its decoder linear', async () => {
    const folder = folderOf({ d_in: n, d_sae: h, architecture: 'standard', activation_fn: 'tanh' })
    await expectNetwork(readWeights(folder))
    expect((await readWeights(folder)).config).toMatchObject({
      activation: 'tanh',
      decoder: 'linear',
      hidden: h,
    })
  })

  test('whose decoder’s bias is taken from the input has it folded into the encoder’s', async () => {
    const folder = folderOf({ activation_fn: 'tanh', apply_b_dec_to_input: true })
    const { weights } = await readWeights(folder)
    weights.b1.forEach((bias, j) => {
      const shift = b2.reduce((sum, value, i) => sum + value * W1[j * n + i], 0)
      expect(bias).toBeCloseTo(b1[j] - shift, 6)
    })
  })

  test('of units that are not computed here is refused with that reason', async () => {
    await expect(readWeights(folderOf({ architecture: 'jumprelu' }))).rejects.toThrow(
      'sae has units of the architecture jumprelu, which this Rho Lab does not compute',
    )
    await expect(readWeights(makeFolder())).rejects.toThrow('is a folder without cfg.json.')
  })

  test('is asked for where its weights alone are given', async () => {
    const file = path.join(folderOf({}), 'sae_weights.safetensors')
    await expect(readWeights(file)).rejects.toThrow('is the weights of a SAELens folder')
  })
})

test.each([
  ['keras.weights.h5', true],
  ['opttheta.mat', true],
  ['keras.npz', false],
  ['activations.safetensors', false],
  ['plain.h5', false],
])('%s holds weights: %s', async (file, expected) => {
  expect(await holdsWeights(others(file))).toBe(expected)
})

test('a file of PyTorch is refused with how to save it', async () => {
  await expect(readWeights(others('acts.pt'))).rejects.toThrow(
    'acts.pt is a file of PyTorch, pickled Python objects, which are not opened.',
  )
  const pickled = path.join(makeFolder(), 'model.pkl')
  writeFileSync(pickled, Buffer.from('\x80\x02}q\0.', 'latin1'))
  await expect(readWeights(pickled)).rejects.toThrow('a module of PyTorch with safetensors.torch.save_file')
})
