import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PatchMatrix } from '#main/dataset/array/arrayData.ts'
import type { ImageStack } from '#main/dataset/array/imageStack.ts'
import { readArray, type ReadChoice } from '#main/dataset/array/readArray.ts'
import { put, reasonOf } from './arrayFiles.ts'

// Files as others write them (see the README there), each with what is read, or with the sentence that refuses it.

const others = (name: string) => path.join(import.meta.dirname, '../fixtures/others', name)
const sampling = { channels: 1, seed: 1 } as const

/** m × n of the matrix that most of them hold. */
const X = Float32Array.from({ length: 192 }, (_, k) => ((k * 7) % 50) / 50)
const byte = (k: number) => ((k * 37) % 251) / 255

interface Expected {
  m: number
  n: number
  /** By place in the whole, as far as it is told. */
  values?: (k: number) => number
  digits?: number
  labels?: string[] | null
  columnNames?: string[] | null
  remarks?: (string | RegExp)[]
  order?: string
}

async function expectMatrix(file: string, choice: ReadChoice, expected: Expected): Promise<void> {
  const read = (await readArray(file, choice, sampling)) as PatchMatrix
  expect(read.kind).toBe('patches')
  expect([read.m, read.n]).toEqual([expected.m, expected.n])
  const { values, digits = 6 } = expected
  if (values) read.values.forEach((value, k) => expect(value).toBeCloseTo(values(k), digits))
  if (expected.labels !== undefined) expect(read.labels).toEqual(expected.labels)
  if (expected.columnNames !== undefined) expect(read.columnNames).toEqual(expected.columnNames)
  if (expected.order !== undefined) expect(read.resolved.order).toBe(expected.order)
  if (expected.remarks !== undefined) {
    expect(read.remarks).toHaveLength(expected.remarks.length)
    for (const [i, remark] of expected.remarks.entries()) expect(read.remarks[i]).toMatch(remark)
  }
}

const ofX = { m: 12, n: 16, values: (k: number) => X[k] }
const scaled = 'Whole numbers of pixels were scaled to [0, 1]; --scale 1 keeps them.'

describe('a matrix is read as the same numbers from', () => {
  it.each<[file: string, choice: ReadChoice, expected: Expected]>([
    ['half.npy', {}, { ...ofX, digits: 3 }],
    ['fortran-big.npy', {}, ofX],
    ['int64.npy', {}, { m: 12, n: 16, values: (k) => Math.round(50 * X[k]), remarks: [] }],
    ['bool.npy', {}, { m: 12, n: 16, values: (k) => Number(X[k] > 0.5), remarks: [] }],
    ['bytes.npy', {}, { m: 12, n: 16, values: (k) => Math.round(250 * X[k]) / 255, remarks: [scaled] }],
    ['bytes.npy', { scale: 1 }, { m: 12, n: 16, values: (k) => Math.round(250 * X[k]), remarks: [] }],
    ['words16.npy', {}, { ...ofX, digits: 4, remarks: [scaled] }],
    ['v4.mat', {}, ofX],
    ['v73.mat', {}, ofX],
    ['octave.mat', {}, ofX],
    ['octave-bytes.mat.gz', {}, { m: 12, n: 16, values: (k) => Math.round(250 * X[k]) / 255 }],
    ['plain.h5', {}, ofX],
    ['activations.safetensors', {}, { ...ofX, digits: 1 }],
    [
      'fortran-big.npy',
      { columns: true },
      { m: 16, n: 12, values: (k) => X[(k % 12) * 16 + Math.floor(k / 12)] },
    ],
  ])('%s %o', (file, choice, expected) => expectMatrix(others(file), choice, expected))
})

describe('a stack of images is sampled, bytes in [0, 1], from', () => {
  it.each<
    [file: string, array: string | undefined, count: number, first: string, pixel: (k: number) => number]
  >([
    ['stack.npy', undefined, 6, '[0]', byte],
    ['stack-last.npy', undefined, 6, '[0]', byte],
    ['keras.npz', 'x_train', 6, 'x_train[0]', byte],
  ])('%s', async (file, array, count, first, pixel) => {
    const stack = (await readArray(others(file), { array }, sampling)) as ImageStack
    expect(stack.kind).toBe('images')
    expect(stack.isUnit).toBe(true)
    expect(stack.sources.map((source) => source.file).slice(0, 1)).toEqual([first])
    expect(stack.sources).toHaveLength(count)
    for (const [index, source] of stack.sources.entries()) {
      const { width, height, pixels } = await source.read()
      expect([width, height]).toEqual([10, 10])
      pixels.forEach((value, k) => expect(value).toBeCloseTo(pixel(100 * index + k), 6))
    }
    if (array) expect(stack.labels).toEqual(['0', '1', '2', '0', '1', '2'])
    await stack.close()
  })

  it.each(['stack-colour.npy', 'stack-channels-first.npy'])('%s, in colours', async (file) => {
    const stack = (await readArray(others(file), {}, { channels: 3, seed: 1 })) as ImageStack
    const { pixels } = await stack.sources[2].read()
    pixels.forEach((value, k) => expect(value).toBeCloseTo(byte(600 + k), 6))
    await stack.close()
  })

  it('a batch of CIFAR-10, with its classes', async () => {
    const stack = (await readArray(others('data_batch_1.bin'), {}, { channels: 3, seed: 1 })) as ImageStack
    expect(stack.labels).toEqual(['0', '1'])
    const { width, pixels } = await stack.sources[1].read()
    expect(width).toBe(32)
    pixels.forEach((value, k) => expect(value).toBeCloseTo(byte(3072 + k), 6))
    await stack.close()
  })
})

describe('whole images are patches, from', () => {
  it.each<[file: string, choice: ReadChoice, expected: Expected]>([
    ['stack.npy', { whole: true }, { m: 6, n: 100, values: byte }],
    [
      'keras.npz',
      { array: 'x_train', whole: true },
      { m: 6, n: 100, labels: ['0', '1', '2', '0', '1', '2'] },
    ],
    ['keras.npz', { array: 'x_train', whole: true, labels: 'none' }, { m: 6, n: 100, labels: null }],
    [
      'some-images-idx3-ubyte',
      {},
      {
        m: 6,
        n: 16,
        values: (k) => (2 * k) / 255,
        labels: ['7', '2', '7', '0', '1', '2'],
        remarks: [
          scaled,
          'Labels were taken from some-labels-idx1-ubyte beside it; --labels none leaves them out.',
        ],
      },
    ],
    ['planes-idx3-int16', {}, { m: 3, n: 16, values: (k) => k - 20, remarks: [] }],
  ])('%s %o', (file, choice, expected) => expectMatrix(others(file), choice, expected))
})

describe('rows in colours', () => {
  const read = async (file: string, choice: ReadChoice = {}) =>
    (await readArray(others(file), choice, sampling)) as PatchMatrix

  it('in planes, or columns first, become the same pictures, and it is said', async () => {
    const wanted = await read('interleaved.npy')
    expect([wanted.m, wanted.n, wanted.resolved.order]).toEqual([20, 192, 'interleaved'])
    const cifar = await read('cifar.mat')
    expect(cifar.resolved.order).toBe('planes')
    expect(cifar.labels).toHaveLength(20)
    expect(cifar.remarks.join(' ')).toContain('Taken as --order planes; where pictures lie on their side')
    wanted.values.forEach((value, k) => expect(cifar.values[k]).toBeCloseTo((value * 250) / 255, 1))
    const course = await read('course-colour.mat', { columns: true })
    expect(course.resolved.order).toBe('columns')
    expect(course.values).toEqual(wanted.values)
  })

  it('lie as they are asked to', async () => {
    const asked = await read('course-colour.mat', { columns: true, order: 'interleaved' })
    expect(asked.remarks).toEqual([])
    expect(asked.values).not.toEqual((await read('interleaved.npy')).values)
  })

  it('whose columns are the pictures say so', async () => {
    expect((await read('course-colour.mat')).remarks).toEqual([
      'Rows of 20 values are no square picture; columns would be, of 8 × 8 in RGB. If each column is a patch, give --columns.',
    ])
  })

  it('that are curves, not pictures, stay as they are', async () => {
    const curve = Array.from({ length: 4 }, (_, row) =>
      Array.from({ length: 192 }, (_, k) => Math.sin((k + row) / 20)),
    )
    const file = await put('curves.csv', curve.map((row) => row.join(',')).join('\n'))
    await expectMatrix(
      file,
      {},
      { m: 4, n: 192, values: (k) => Math.sin(((k % 192) + Math.floor(k / 192)) / 20), order: 'interleaved' },
    )
  })
})

describe('a table', () => {
  const index = 'numbers or names the rows and was left out; --drop-column none keeps it.'
  const row = (from: number) => Array.from({ length: 9 }, (_, k) => `0.${from + k}`).join(',')
  const nine = { m: 2, n: 9, values: (k: number) => (k < 9 ? 10 + k : 31 + k) / 100 }
  const rows = [row(10), row(40)]
  const numbered = Array.from({ length: 9 }, (_, k) => String(k))
  it.each<[what: string, text: string | Uint8Array, choice: ReadChoice, expected: Expected]>([
    [
      'of pandas, an index and columns 0…n−1',
      `,${numbered.join(',')}\n0,${rows[0]}\n1,${rows[1]}\n`,
      {},
      { ...nine, columnNames: numbered, remarks: ['The first line names the columns.', `Column 1 ${index}`] },
    ],
    [
      'of pandas without the index',
      `${numbered.join(',')}\n${rows.join('\n')}\n`,
      {},
      { ...nine, columnNames: numbered },
    ],
    [
      'of pandas with an index that was filtered',
      `,a,b\n4,.1,.2\n17,.3,.4\n`,
      {},
      { m: 2, n: 2, columnNames: ['a', 'b'] },
    ],
    [
      'that pandas read and wrote again',
      'Unnamed: 0,a,b\n0,.1,.2\n1,.3,.4\n',
      {},
      { m: 2, n: 2, columnNames: ['a', 'b'] },
    ],
    [
      'of R’s write.csv',
      '"","V1","V2"\n"1",0.1,0.2\n"2",0.3,0.4\n',
      {},
      { m: 2, n: 2, columnNames: ['V1', 'V2'], remarks: [`Column 1 ${index}`] },
    ],
    [
      'of R’s write.table',
      '"V1" "V2"\n"a" 0.1 0.2\n"b" 0.3 0.4\n',
      {},
      { m: 2, n: 2, columnNames: ['V1', 'V2'] },
    ],
    [
      'of R with named rows',
      '"","x","y2"\n"Mazda RX4",0.1,0.2\n"Fiat, 128",0.3,0.4\n',
      {},
      { m: 2, n: 2, columnNames: ['x', 'y2'] },
    ],
    [
      'of which the index is asked for',
      ',a,b\n0,.1,.2\n1,.3,.4\n',
      { dropColumns: ['none'] },
      { m: 2, n: 3, columnNames: ['1', 'a', 'b'], remarks: [] },
    ],
    [
      'of Kaggle, labels and bytes',
      `label,${Array.from({ length: 16 }, (_, k) => `pixel${k}`).join(',')}\n7,${'0,255,'.repeat(7)}51,102\n2,${'255,0,'.repeat(7)}0,0\n`,
      {},
      {
        m: 2,
        n: 16,
        values: (k) =>
          k === 14 ? 0.2 : k === 15 ? 0.4 : k >= 30 ? 0 : Number(k < 16 ? k % 2 === 1 : k % 2 === 0),
        labels: ['7', '2'],
        remarks: [
          'Column "label" was taken as labels; --label-column none keeps it among the values.',
          scaled,
        ],
      },
    ],
    [
      'with labels asked for by number',
      '1,0.1,0.2\n2,0.3,0.4\n',
      { labelColumn: '1' },
      { m: 2, n: 2, labels: ['1', '2'] },
    ],
    [
      'with labels that are to stay',
      'label,a\n1,.5\n2,.6\n',
      { labelColumn: 'none' },
      { m: 2, n: 2, labels: null },
    ],
    [
      'without a header, classes behind',
      '5.1,3.5,setosa\n4.9,3,setosa\n7,3.2,versicolor\n6.4,3.2,versicolor\n',
      {},
      { m: 4, n: 2, labels: ['setosa', 'setosa', 'versicolor', 'versicolor'], columnNames: null },
    ],
    [
      'with text that is no class',
      'a,name,b\n.1,ada,.2\n.3,bob,.4\n.5,eve,.6\n',
      {},
      { m: 3, n: 2, columnNames: ['a', 'b'], remarks: ['Column "name" holds text and was left out.'] },
    ],
    [
      'with a column that is to be left out',
      'a,b,c\n.1,.2,.3\n.4,.5,.6\n',
      { dropColumns: ['b'] },
      { m: 2, n: 2, columnNames: ['a', 'c'] },
    ],
    [
      'with true and false',
      'a,b\nTRUE,.5\nfalse,.6\n',
      {},
      { m: 2, n: 2, values: (k) => [1, 0.5, 0, 0.6][k] },
    ],
    [
      'that counts, and has no header',
      '0,1,2,3\n4,5,6,7\n8,9,10,11\n',
      {},
      { m: 3, n: 4, values: (k) => k, columnNames: null },
    ],
    [
      'in UTF-16, as Excel writes it',
      Buffer.from('\uFEFFa\tb\r\n1\t2\r\n3\t4\r\n', 'utf16le'),
      {},
      { m: 2, n: 2, columnNames: ['a', 'b'], remarks: ['The text was read as UTF-16.'] },
    ],
    [
      'in Latin-1',
      Buffer.from('Größe;b\n1;2\n3;4\n', 'latin1'),
      {},
      { m: 2, n: 2, columnNames: ['Größe', 'b'] },
    ],
    ['with an empty column behind', 'a,b,\n.1,.2,\n.3,.4,\n', {}, { m: 2, n: 2, remarks: [/^Column 3 /] }],
    [
      'of years, a name in front',
      'country,1990,1991\n"A, b",.1,.2\nC,.3,.4\n',
      {},
      { m: 2, n: 2, columnNames: ['1990', '1991'] },
    ],
    [
      'of NumPy’s savetxt, names in a remark',
      '# a,b\n.1,.2\n.3,.4\n',
      {},
      { m: 2, n: 2, columnNames: ['a', 'b'] },
    ],
    ['of Excel on a Mac', 'a,b\r1,2\r3,4\r', {}, { m: 2, n: 2, columnNames: ['a', 'b'] }],
    [
      'as it was read before there was a choice',
      'label,a\n1,.5\n2,.6\n',
      { plain: true },
      { m: 2, n: 2, labels: null, remarks: [] },
    ],
  ])('%s', async (_what, text, choice, expected) =>
    expectMatrix(await put('table.csv', text), choice, expected),
  )

  it.each([
    [
      'column that is not there',
      'a,b\n1,2\n',
      { labelColumn: 'c' },
      'table.csv has no column "c". It has a, b.',
    ],
    [
      'decimal comma',
      'a;b\n0,5;1\n',
      {},
      'a decimal comma, or thousands. Write decimals with a point, as 0.25.',
    ],
    ['missing value', 'a,b\n1,2\nNA,3\n', {}, 'table.csv has "NA" in line 3, column 1, which is no number.'],
  ])('with a %s is refused', async (_what, text, choice, sentence) => {
    expect(await reasonOf(await put('table.csv', text), choice)).toContain(sentence)
  })
})

describe('what a file is, and what to do, is said of', () => {
  it.each([
    [
      'acts.pt',
      'acts.pt is a file of PyTorch, pickled Python objects, which are not opened. Save a tensor with numpy.save',
    ],
    ['pics.zip', 'pics.zip is a ZIP archive of a picture. Unpack it, and give the folder.'],
    ['lzf.h5', "lzf.h5 is packed with lzf, which is not read. Save it with compression='gzip'."],
    ['octave-binary.mat', 'octave-binary.mat is in Octave’s binary format. Save it again with save -v7'],
    [
      'some-labels-idx1-ubyte',
      'has 1 dimension, labels perhaps. Give the array of patches, and this one with --labels.',
    ],
  ])('%s', async (file, sentence) => {
    expect(await reasonOf(others(file))).toContain(sentence)
  })

  it.each([
    ['a.parquet', 'PAR1....', 'is a Parquet file. Save it as .npy'],
    ['a.feather', 'ARROW1..', 'is an Arrow (Feather) file.'],
    ['a.pkl', '\x80\x04\x95\x10\0\0\0', 'holds pickled Python objects, which are not opened.'],
    ['a.pth', '\x80\x02\x8a\n', 'is a file of PyTorch'],
    ['a.xls', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....', 'is an old Excel workbook. Save the sheet as CSV.'],
    ['a.7z', '7z\xbc\xaf\x27\x1c..', 'is a 7-Zip archive. Unpack it'],
  ])('%s', async (name, content, sentence) => {
    expect(await reasonOf(await put(name, Buffer.from(content, 'latin1')))).toContain(sentence)
  })
})

describe('--patches draws rows', () => {
  it.each(['fortran-big.npy', 'octave.mat', 'plain.h5'])(
    'of %s, the same ones for the same seed, in their order',
    async (file) => {
      const draw = async (seed: number) =>
        (await readArray(
          others(file),
          { rows: 5 },
          { channels: 1, seed, streams: 'separate' },
        )) as PatchMatrix
      const { m, values, remarks } = await draw(3)
      expect(m).toBe(5)
      expect(remarks).toContain('It holds 12 rows of 16 values: 5 of them were drawn with seed 3.')
      const starts = Array.from({ length: 12 }, (_, row) => X.subarray(row * 16, row * 16 + 16).join())
      const drawn = Array.from({ length: 5 }, (_, row) =>
        starts.indexOf(values.subarray(row * 16, row * 16 + 16).join()),
      )
      expect(drawn.every((row, i) => row >= 0 && (i === 0 || row > drawn[i - 1]))).toBe(true)
      expect((await draw(3)).values).toEqual(values)
      expect((await draw(4)).values).not.toEqual(values)
    },
  )

  it('of a table, with their labels', async () => {
    const lines = Array.from({ length: 40 }, (_, row) => `c${row % 4},${row}.5,${row + 0.25}`)
    const file = await put('long.csv', `class,a,b\n${lines.join('\n')}\n`)
    const read = (await readArray(file, { rows: 10 }, sampling)) as PatchMatrix
    expect([read.m, read.n]).toEqual([10, 2])
    for (let row = 0; row < 10; row++) {
      const which = Math.floor(read.values[2 * row])
      expect(read.values[2 * row + 1]).toBe(which + 0.25)
      expect(read.labels?.[row]).toBe(`c${which % 4}`)
    }
  })
})
