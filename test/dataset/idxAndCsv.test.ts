import * as fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { importArray } from '#main/dataset/importArray.ts'
import { fixture, X, sampling, put, readPatches, reasonOf, expectClose } from './arrayFiles.ts'
import { tries } from '../thorough.ts'

describe('IDX, as MNIST has it', () => {
  it.each(['digits-idx3-ubyte', 'digits-idx3-ubyte.gz'])(
    '%s: each image whole as a patch, in [0, 1]',
    async (name) => {
      const draft = await importArray(fixture(name), { sampling })
      expect(draft).toMatchObject({ kind: 'array', m: 5, n: 16, patchSize: 4, channels: 1 })
      expect(draft.patches).toEqual(Float32Array.from({ length: 80 }, (_, i) => ((3 * i) % 256) / 255))
    },
  )

  it('of labels is refused', async () => {
    expect(await reasonOf(fixture('labels-idx1-ubyte'))).toContain(
      'labels perhaps. Give the array of patches, and this one with --labels.',
    )
  })

  const idx = (type: number, lengths: number[], content: Uint8Array): Buffer => {
    const head = Buffer.alloc(4 + 4 * lengths.length)
    head.set([0, 0, type, lengths.length])
    lengths.forEach((length, k) => head.writeUInt32BE(length, 4 + 4 * k))
    return Buffer.concat([head, content])
  }

  it('of floats keeps its values, images that are no squares are no pictures', async () => {
    const content = Buffer.alloc(24)
    Array.from({ length: 6 }, (_, i) => content.writeFloatBE(i / 3, 4 * i))
    const draft = await importArray(await put('floats', idx(0x0d, [1, 2, 3], content)), { sampling })
    expect(draft).toMatchObject({ m: 1, n: 6, patchSize: null })
    expect(draft.patches).toEqual(Float32Array.from({ length: 6 }, (_, i) => i / 3))
    const odd = await importArray(
      await put(
        'odd',
        idx(
          8,
          [2, 2, 8],
          Uint8Array.from({ length: 32 }, (_, i) => i),
        ),
      ),
      { sampling },
    )
    expect(odd).toMatchObject({ n: 16, patchSize: null })
  })

  it('cut, too long, empty or with a header that claims gigabytes is refused', async () => {
    const whole = await readFile(fixture('digits-idx3-ubyte'))
    expect(await reasonOf(await put('cut', whole.subarray(0, 60)))).toBe(
      'cut ends early: 44 of 80 values. Copy it again.',
    )
    expect(await reasonOf(await put('head', whole.subarray(0, 9)))).toBe(
      'head ends early, inside its header. Copy it again.',
    )
    expect(await reasonOf(await put('long', Buffer.concat([whole, Buffer.of(1)])))).toContain(
      'has more bytes than its header promises',
    )
    expect(await reasonOf(await put('none', idx(8, [0, 4, 4], Buffer.alloc(0))))).toContain(
      'holds no patches: its shape is 0 × 4 × 4.',
    )
    expect(await reasonOf(await put('huge', idx(8, [0xffffffff, 28, 28], Buffer.alloc(9))))).toContain(
      'huge ends early: 9 of',
    )
    expect(await reasonOf(await put('cut.gz', gzipSync(whole).subarray(0, 70)))).toBe(
      'cut.gz ends early. Copy it again.',
    )
    const nan = Buffer.alloc(16)
    nan.writeFloatBE(Number.NaN, 8)
    expect(await reasonOf(await put('nan', idx(0x0d, [2, 2], nan)))).toContain(
      'nan holds NaN at row 1, column 0',
    )
  })
})

describe('CSV', () => {
  it('as NumPy writes it, its remark passed over', async () => {
    const { m, n, values } = await readPatches(fixture('patches.csv'))
    expect([m, n]).toEqual([12, 9])
    expectClose(values, X)
  })

  it.each([
    ['a header', 'p0,p1,p2\n1,2,3\n4,5,6\n'],
    ['quotes, a byte order mark and no last line end', '\uFEFF"p0","p1","p2"\r\n"1",2,3\r\n4,"5",6'],
    ['semicolons', '1;2;3\n4;5;6\n'],
    ['tabs', '1\t2\t3\n\n4\t5\t6\n'],
    ['blanks', ' 1  2 3 \n# a remark\n4 5e0 6.\n'],
    ['several spaces and signs', '+1   2.0 3\n4 5 0.6e1'],
  ])('with %s', async (_what, text) => {
    expect(await readPatches(await put('table.csv', text))).toMatchObject({
      m: 2,
      n: 3,
      values: Float32Array.of(1, 2, 3, 4, 5, 6),
    })
  })

  it('gzipped', async () => {
    expect(await readPatches(await put('table.csv.gz', gzipSync('1,2\n3,4\n')))).toMatchObject({ m: 2, n: 2 })
  })

  it.each([
    ['1,2,3\n4,5\n', 'Line 2 of bad.csv has 2 numbers where those before have 3. Make all lines alike.'],
    [
      'a,b\n1,2\n3,x\n',
      'bad.csv has "x" in line 3, column 2, which is no number. Write numbers such as 0.25.',
    ],
    ['1,2\n3,\n', 'bad.csv has an empty cell in line 2, column 2. Fill it or remove the line.'],
    ['1,2\nnan,4\n', 'bad.csv holds nan in line 2, column 1. Replace it or remove the line.'],
    ['1,2\n3,-Inf\n', 'bad.csv holds -Inf in line 2, column 2. Replace it or remove the line.'],
    ['1,2\n3,1e300\n', 'bad.csv holds 1e300, too large for float32, in line 2, column 2. Replace it.'],
    [
      '1,5;2,5\n3,5;4,5\n',
      'bad.csv has "1,5" in line 1, column 1: a decimal comma, or thousands. Write decimals with a point, as 0.25.',
    ],
    [
      '0,5 0,25\n0,5 0,75\n',
      'bad.csv has "5 0" in line 1, column 2: a decimal comma, or thousands. Write decimals with a point, as 0.25.',
    ],
    [
      '0,05,0,5\n1,0,0,25\n',
      'bad.csv has commas within its numbers, as in 0,05. Write decimals with a point, or separate by semicolons.',
    ],
    [
      'a,b\n0,5,0,5\n',
      'bad.csv names 2 columns and has 4 numbers in line 2. Where commas write decimals, write points; else name every column.',
    ],
    [
      '1.000;2.000\n3.000;4.500\n',
      'bad.csv has "1.000" in line 1, column 1, which could be 1000 or 1.0000. Write it so.',
    ],
    ['a,b\n', 'bad.csv holds no numbers. Write one patch a line.'],
    ['a,b\nc,d\n', 'bad.csv has "c" in line 2, column 1, which is no number. Write numbers such as 0.25.'],
  ])('%j is refused, naming the line', async (text, sentence) => {
    expect(await reasonOf(await put('bad.csv', text))).toBe(sentence)
  })

  it('with a point that is certainly a decimal one, three digits after others are decimals too', async () => {
    const { values } = await readPatches(await put('certain.csv', '0.125;2.000\n3.000;4.500\n'))
    expect(Array.from(values)).toEqual([0.125, 2, 3, 4.5])
  })

  it('without line ends is not taken into memory whole', async () => {
    const file = await put('endless.csv', '1,'.repeat(9 * 2 ** 20))
    expect(await reasonOf(file)).toContain('is longer than 16 million characters.')
  })

  it('gives back any table of numbers', async () => {
    const tables = fc
      .integer({ min: 1, max: 6 })
      .chain((n) =>
        fc.array(
          fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: n, maxLength: n }),
          { minLength: 1, maxLength: 8 },
        ),
      )
    await fc.assert(
      fc.asyncProperty(
        tables,
        fc.constantFrom(',', ';', '\t', ' '),
        fc.boolean(),
        async (rows, separator, hasHeader) => {
          const header = hasHeader ? [rows[0].map((_, k) => `p${k}`)] : []
          // 1.125 alone could be a thousand where points group.
          fc.pre(!rows.flat().some((value) => /^-?[1-9]\d{0,2}\.\d{3}$/.test(String(value))))
          const text = [...header, ...rows].map((row) => row.join(separator)).join('\n')
          const { m, n, values } = await readPatches(await put('any.csv', text))
          expect([m, n]).toEqual([rows.length, rows[0].length])
          // −0 is written as 0.
          expect(Array.from(values, (value) => value + 0)).toEqual(rows.flat().map((value) => value + 0))
        },
      ),
      { numRuns: tries(150) },
    )
  })
})
