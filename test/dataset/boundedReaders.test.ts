import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { crc32, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listArrays } from '#main/dataset/array/openArrays.ts'
import { pngRows } from '#main/dataset/image/rows/pngRows.ts'
import { tiffRows } from '#main/dataset/image/rows/tiffRows.ts'
import { peekNpyHeader } from '#main/dataset/npy/npyHeader.ts'
import type { RowImage } from '#main/dataset/sample/cutFromRows.ts'
import { put, readPatches, reasonOf } from './arrayFiles.ts'
import { folderOf } from './rowFiles.ts'

// Small files that would take gigabytes, or hours: how much is done is counted, not timed.

const inflated = vi.hoisted(() => ({ bytes: 0 }))
vi.mock(import('node:zlib'), async (original) => {
  const zlib = await original()
  const inflateSync: typeof zlib.inflateSync = (...args) => {
    const bytes = zlib.inflateSync(...args)
    inflated.bytes += bytes.length
    return bytes
  }
  return { ...zlib, inflateSync }
})
afterEach(() => void (inflated.bytes = 0))

const muchOf = (line: string) => gzipSync(Buffer.alloc(2 ** 27, line), { level: 9 })

describe('a gzipped table', () => {
  it('of one long line is refused for its length', async () => {
    const file = await put('line.csv.gz', gzipSync(Buffer.alloc(2 ** 25, '0,'), { level: 9 }))
    expect(await reasonOf(file)).toBe(
      'A line of line.csv.gz is longer than 16 million characters. Write one patch a line.',
    )
  })

  it('of one line just short enough is read', async () => {
    const count = 2 ** 23 - 1
    const file = await put('wide.csv.gz', gzipSync(`${'1,'.repeat(count)}1`, { level: 9 }))
    expect(await readPatches(file)).toMatchObject({ m: 1, n: count + 1 })
  })

  it.each([
    ['blank lines', '\n'],
    ['remarks', '# nothing\n'],
    ['blanks between numbers', `0.5${' '.repeat(2 ** 16)}\n`],
  ])('of %s is refused before all of it is unpacked', async (_what, line) => {
    const file = await put('empty.csv.gz', muchOf(line))
    expect(await reasonOf(file)).toBe(
      'empty.csv.gz holds far more text than numbers. Remove blank lines, blanks and remarks.',
    )
  })

  it('says no more than the start of a number of a million digits', async () => {
    const file = await put('digits.csv', `1,2\n9${'9'.repeat(10 ** 6)},1\n`)
    expect((await reasonOf(file)).length).toBeLessThan(200)
  })
})

describe('a .mat', () => {
  /** An array of zeros, packed into about 60 bytes, that says that it is as large as it unpacks to. */
  function packedZeros(name: string, count: number): Buffer {
    const words = (...values: number[]) => {
      const bytes = Buffer.alloc(4 * values.length)
      values.forEach((value, i) => bytes.writeUInt32LE(value, 4 * i))
      return bytes
    }
    const label = Buffer.alloc(8)
    label.write(name, 'latin1')
    const head = [words(6, 8, 6, 0), words(5, 8, 1, count), words(1, name.length), label]
    const content = Buffer.concat([...head, words(9, 8 * count), Buffer.alloc(8 * count)])
    const packed = deflateSync(Buffer.concat([words(14, content.length), content]), { level: 9 })
    return Buffer.concat([words(15, packed.length), packed])
  }
  const header = Buffer.alloc(128, ' ')
  header.write('MATLAB 5.0 MAT-file')
  header.writeUInt16LE(0x0100, 124)
  header.writeUInt16LE(0x4d49, 126)

  it('of many arrays that unpack to a thousand times as much is listed by their starts', async () => {
    const arrays = Array.from({ length: 200 }, (_, i) => packedZeros(`x${i}`, 2 ** 17))
    expect(await listArrays(await put('zeros.mat', Buffer.concat([header, ...arrays])))).toHaveLength(200)
    // All of them would be 200 MB.
    expect(inflated.bytes).toBeLessThan(200 * 2 ** 17)
  })

  it('of more arrays than anybody keeps is refused', async () => {
    const one = packedZeros('x', 2)
    const file = await put('many.mat', Buffer.concat([header, ...Array.from({ length: 4097 }, () => one)]))
    expect(await reasonOf(file)).toBe('many.mat holds more than 4096 arrays. Save the one that is needed.')
  })
})

it('a NumPy header that repeats its keys is gone through once', () => {
  const text = `\x93NUMPY\x01\x00\x00\x00{${"'shape': (".repeat(6000)}`
  const exec = vi.spyOn(RegExp.prototype, 'exec')
  expect(peekNpyHeader(Buffer.from(text, 'latin1'))).toBeNull()
  // Sticky: they look at one place each, not at every one from which they could start.
  expect(exec.mock.contexts.every((pattern) => (pattern as RegExp).sticky)).toBe(true)
  exec.mockRestore()
})

describe('an image that is read by rows', () => {
  const linesOf = async (image: RowImage | null) => {
    let lines = 0
    for await (const _ of image!.readRows()) lines += 1
    return lines
  }

  it('of TIFF strips over each other is refused', async () => {
    const file = path.join(await folderOf('strips'), 'strips.tif')
    const strips = 1000
    const entries: [tag: number, type: number, count: number, value: number][] = [
      [256, 4, 1, 4],
      [257, 4, 1, strips],
      [258, 3, 1, 8],
      [259, 3, 1, 8],
      [262, 3, 1, 1],
      [273, 4, strips, 200],
      [277, 3, 1, 1],
      [278, 4, 1, 1],
      [279, 4, strips, 200 + 4 * strips],
    ]
    const bytes = Buffer.alloc(200 + 8 * strips + 100)
    bytes.write('II*\0', 'latin1')
    bytes.writeUInt32LE(8, 4)
    bytes.writeUInt16LE(entries.length, 8)
    entries.forEach(([tag, type, count, value], i) => {
      bytes.writeUInt16LE(tag, 10 + 12 * i)
      bytes.writeUInt16LE(type, 12 + 12 * i)
      bytes.writeUInt32LE(count, 14 + 12 * i)
      bytes.writeUInt32LE(value, 18 + 12 * i)
    })
    for (let i = 0; i < strips; i++) {
      bytes.writeUInt32LE(200, 200 + 4 * i)
      bytes.writeUInt32LE(4000, 200 + 4 * strips + 4 * i)
    }
    await writeFile(file, bytes)
    await expect(tiffRows(file, 1)).rejects.toThrow('The file is damaged')
  })

  it('of a PNG with hundreds of thousands of empty chunks is refused', async () => {
    const chunk = (type: string, content: Buffer = Buffer.alloc(0)) => {
      const bytes = Buffer.alloc(12 + content.length)
      bytes.writeUInt32BE(content.length, 0)
      bytes.write(type, 4, 'latin1')
      content.copy(bytes, 8)
      bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length)
      return bytes
    }
    const size = Buffer.from([0, 0, 0, 4, 0, 0, 0, 4, 8, 0, 0, 0, 0])
    const empty = Buffer.concat(Array.from({ length: 70_000 }, () => chunk('IDAT')))
    const rows = chunk('IDAT', deflateSync(Buffer.alloc(20)))
    const file = path.join(await folderOf('chunks'), 'chunks.png')
    const start = [Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', size)]
    await writeFile(file, Buffer.concat([...start, empty, rows, chunk('IEND')]))
    await expect(pngRows(file, 1).then(linesOf)).rejects.toThrow('The file is damaged')
  })
})
