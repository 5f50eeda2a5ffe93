import { describe, expect, it } from 'vitest'
import { arrayUse, listArrays } from '#main/dataset/array/openArrays.ts'
import { importArray } from '#main/dataset/importArray.ts'
import { formatNpz } from '#main/export/npz.ts'
import { fixture, X, image, sampling, put, readPatches, reasonOf, expectClose } from './arrayFiles.ts'

describe('.npz', () => {
  it('with one matrix needs no choice', async () => {
    expect(await readPatches(fixture('one.npz'))).toEqual({
      kind: 'patches',
      array: 'patches',
      m: 12,
      n: 9,
      values: X,
      labels: Array.from({ length: 12 }, (_, i) => String(i)),
      columnNames: null,
      remarks: ['labels was taken as labels; --labels none leaves them out.'],
      resolved: { order: 'interleaved' },
    })
  })

  it('with several names them, and gives the one that is asked for', async () => {
    expect(await reasonOf(fixture('many.npz'))).toBe(
      'many.npz holds more than one array: X (12 × 9 float64), Y (12 × 9 float32), volume (2 × 3 × 4 float64), F (12 × 9 float64). Choose one with --array NAME.',
    )
    expect(await readPatches(fixture('many.npz'), { array: 'X' })).toMatchObject({
      array: 'X',
      m: 12,
      n: 9,
      values: X,
    })
    expect((await readPatches(fixture('many.npz'), { array: 'Y' })).values).toEqual(
      X.map((value) => 2 * value),
    )
    expect(await listArrays(fixture('many.npz'))).toContainEqual({
      name: 'volume',
      shape: [2, 3, 4],
      type: 'float64',
      use: 'images',
    })
  })

  it('says what is wrong with an array that cannot be used', async () => {
    const reason = (array: string) => reasonOf(fixture('many.npz'), { array })
    expect(await reason('labels')).toContain('labels in many.npz has 1 dimension, labels perhaps.')
    expect(await reason('nothing')).toMatch(
      /^many\.npz has no array "nothing"\. It holds X \(12 × 9 float64\)/,
    )
  })

  it('never opens a pickled object', async () => {
    const header = "{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117) + '\n'
    const member = Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'),
      Buffer.from(header),
      Buffer.alloc(32),
    ])
    const { zipSync } = await import('fflate')
    const file = await put('pickled.npz', zipSync({ 'X.npy': member }))
    expect(await reasonOf(file)).toContain('holds pickled Python objects, which are not opened.')
  })

  it('with NaN is refused, naming the place', async () => {
    const values = new Float32Array(6)
    values[4] = Number.NaN
    const file = await put('nan.npz', formatNpz({ X: { shape: [2, 3], values } }))
    expect(await reasonOf(file)).toBe(
      'X in nan.npz holds NaN at row 1, column 1 (from 0). Replace it or remove the row.',
    )
  })

  it('that claims gigabytes is refused before they are taken', async () => {
    const { zipSync } = await import('fflate')
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (80000000, 64), }".padEnd(117) + '\n'
    const member = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'), Buffer.from(header)])
    const archive = Buffer.from(zipSync({ 'X.npy': member }))
    expect(await reasonOf(await put('claim.npz', archive))).toContain('ends early')
  })
})

describe('.mat', () => {
  it('of the course is known by its name and sampled as images', async () => {
    const draft = await importArray(fixture('IMAGES.mat'), { sampling })
    expect(draft).toMatchObject({ name: 'IMAGES', kind: 'images', m: 200, n: 64, patchSize: 8, channels: 1 })
    expect(draft.origin).toBe(`${fixture('IMAGES.mat')}, IMAGES`)
    expect(draft.images.map(({ file, width, height }) => [file, width, height]).slice(0, 2)).toEqual([
      ['IMAGES(:,:,1)', 16, 20],
      ['IMAGES(:,:,2)', 16, 20],
    ])
    for (let row = 0; row < 200; row++) {
      const [k, x, y] = draft.positions!.subarray(row * 3, row * 3 + 3)
      for (let i = 0; i < 64; i++) {
        expect(draft.patches[row * 64 + i]).toBe(image(y + (i >> 3), x + (i % 8), k))
      }
    }
    // Values from −4 to 5.6 would wrap around in a picture of bytes.
    const { rgba } = draft.images[0].thumbnail
    expect(rgba[0]).toBe(Math.round(((image(0, 0, 0) + 4) / 9.6) * 255))
    expect(await arrayUse(fixture('IMAGES.mat'), {})).toBe('images')
  })

  it('gives the same bytes for the same seed', async () => {
    const once = await importArray(fixture('IMAGES.mat'), { sampling })
    expect((await importArray(fixture('IMAGES.mat'), { sampling })).patches).toEqual(once.patches)
    const other = await importArray(fixture('IMAGES.mat'), { sampling: { ...sampling, seed: 2 } })
    expect(other.patches).not.toEqual(once.patches)
  })

  it('gives a matrix with a patch in each row, or in each column', async () => {
    expect(await reasonOf(fixture('many.mat'))).toContain(
      'many.mat holds more than one array: X (12 × 9 double), bits (12 × 9 uint8), colour (10 × 8 × 3 × 4 uint8).',
    )
    const rows = await readPatches(fixture('many.mat'), { array: 'X' })
    expect(rows).toMatchObject({ m: 12, n: 9 })
    expectClose(rows.values, X)
    const columns = await readPatches(fixture('many.mat'), { array: 'X', columns: true })
    expect(columns).toMatchObject({ m: 9, n: 12 })
    expect(columns.values[1]).toBe(rows.values[9])
  })

  it('keeps true and false as 1 and 0, and scales bytes to [0, 1]', async () => {
    const { values } = await readPatches(fixture('many.mat'), { array: 'bits' })
    expect(values).toEqual(X.map((value) => Number(value > 0.5)))
    const draft = await importArray(fixture('many.mat'), {
      array: 'colour',
      sampling: { ...sampling, channels: 3, patchSize: 4 },
    })
    expect(draft).toMatchObject({
      n: 48,
      channels: 3,
      statistics: { before: { histogram: { min: 0, max: 1 } } },
    })
    const [k, x, y] = draft.positions!
    for (let i = 0; i < 48; i++) {
      const pixel = Math.floor(i / 3)
      const byte = (y + (pixel >> 2) + 10 * (x + (pixel % 4)) + 60 * (i % 3) + 20 * k) % 256
      expect(draft.patches[i]).toBeCloseTo(byte / 255, 6)
    }
    const grey = await importArray(fixture('many.mat'), {
      array: 'colour',
      sampling: { ...sampling, patchSize: 4 },
    })
    expect(grey).toMatchObject({ n: 16, channels: 1 })
  })

  it('says what cannot be used, and why', async () => {
    const reason = (array: string) => reasonOf(fixture('many.mat'), { array })
    expect(await reason('note')).toBe('note in many.mat is char that holds no numbers. Save it as double.')
    expect(await reason('cells')).toContain('is cell that holds no numbers.')
    expect(await reason('z')).toContain('holds complex numbers. Save their real part.')
    expect(await reason('labels')).toContain('labels in many.mat is 12 × 1. Give patches × pixels')
    expect(await reason('q')).toContain('many.mat has no array "q".')
  })

  it('of version 7.3 that is cut is named as damaged', async () => {
    expect(await reasonOf(fixture('v73.mat'))).toBe('v73.mat is damaged or no HDF5 file. Copy it again.')
  })

  it('with patches larger than its images is refused', async () => {
    await expect(
      importArray(fixture('IMAGES.mat'), { sampling: { ...sampling, patchSize: 20 } }),
    ).rejects.toThrow('Smaller than one patch: 16 × 20 px, patches are 20 × 20.')
  })
})
