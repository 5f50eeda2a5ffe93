import type { DatabasePages } from './databasePages.ts'

export type StoredValue = number | string | Uint8Array | null

/** A row as it lies in a page. */
export interface StoredRow {
  /** null in a tree of keys: an index, or a table WITHOUT ROWID. */
  rowid: number | null
  values: StoredValue[]
}

const tableLeaf = 13
const indexLeaf = 10
const indexInterior = 2

/**
 * Every row that lies in a page by itself, whichever table it is of: no schema, no root and no interior page is needed.
 * Rows that are not whole are left out, as are pages that are listed as free: these hold what was deleted.
 */
export function* storedRows(pages: DatabasePages): Generator<StoredRow> {
  const free = freePages(pages)
  for (let number = 1; number <= pages.count; number++) {
    if (!free.has(number)) yield* rowsOfPage(pages, number)
  }
}

/** What trunk pages of the list of free pages name: the next trunk, a count, and so many numbers of pages. */
function freePages(pages: DatabasePages): Set<number> {
  const free = new Set<number>()
  const isPage = (number: number) => number >= 2 && number <= pages.count
  for (let number = 2; number <= pages.count; number++) {
    const page = pages.page(number)
    const [next, count] = [page.readUInt32BE(0), page.readUInt32BE(4)]
    if ((next !== 0 && !isPage(next)) || count === 0 || count > pages.pageBytes / 4 - 2) continue
    const named = Array.from({ length: count }, (_, i) => page.readUInt32BE(8 + 4 * i))
    if (named.every(isPage) && new Set(named).size === count) for (const one of named) free.add(one)
  }
  return free
}

function* rowsOfPage(pages: DatabasePages, number: number): Generator<StoredRow> {
  const page = pages.page(number)
  // The first page begins with the file's header.
  const start = number === 1 ? 100 : 0
  const type = page[start]
  if (type !== tableLeaf && type !== indexLeaf && type !== indexInterior) return
  const count = page.readUInt16BE(start + 3)
  const pointers = start + (type === indexInterior ? 12 : 8)
  for (let i = 0; i < count && pointers + 2 * i + 2 <= page.length; i++) {
    const cell = page.readUInt16BE(pointers + 2 * i)
    if (cell < pointers + 2 * count) continue
    const row = unlessBroken(() => readCell(pages, page, cell, type))
    if (row !== null) yield row
  }
}

/** Numbers that lead out of the page, text that is none: no row. */
function unlessBroken<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null
    throw error
  }
}

function readCell(pages: DatabasePages, page: Buffer, cell: number, type: number): StoredRow {
  // An interior page of keys has a child on the left of each.
  const at = { buffer: page, offset: type === indexInterior ? cell + 4 : cell }
  const length = readVarint(at)
  const rowid = type === tableLeaf ? readVarint(at) : null
  const payload = readPayload(pages, page, at.offset, length, type)
  return { rowid, values: readRecord(payload) }
}

/** What does not fit in the page goes on in a chain of others. */
function readPayload(
  pages: DatabasePages,
  page: Buffer,
  offset: number,
  length: number,
  type: number,
): Buffer {
  const size = pages.pageBytes
  const most = type === tableLeaf ? size - 35 : Math.floor(((size - 12) * 64) / 255) - 23
  if (length <= most) return slice(page, offset, length)
  if (length > pages.count * size) throw new RangeError('longer than the file')
  const least = Math.floor(((size - 12) * 32) / 255) - 23
  const wished = least + ((length - least) % (size - 4))
  const local = wished <= most ? wished : least
  const parts = [slice(page, offset, local)]
  let next = page.readUInt32BE(offset + local)
  for (let left = length - local; left > 0;) {
    if (next < 2 || next > pages.count) throw new RangeError('no such page')
    const overflow = pages.page(next)
    const bytes = Math.min(left, size - 4)
    parts.push(overflow.subarray(4, 4 + bytes))
    next = overflow.readUInt32BE(0)
    left -= bytes
  }
  if (next !== 0) throw new RangeError('a chain that goes on')
  return Buffer.concat(parts)
}

function slice(bytes: Buffer, from: number, length: number): Buffer {
  if (from + length > bytes.length) throw new RangeError('beyond the end')
  return bytes.subarray(from, from + length)
}

interface Position {
  buffer: Buffer
  offset: number
}

/** Seven bits a byte, the ninth byte whole. */
function readVarint(at: Position): number {
  let value = 0
  for (let i = 0; i < 9; i++) {
    const byte = at.buffer.readUInt8(at.offset++)
    value = i === 8 ? value * 256 + byte : value * 128 + (byte & 127)
    if (i === 8 || byte < 128) break
  }
  if (!Number.isSafeInteger(value)) throw new RangeError('a number that no row of ours has')
  return value
}

/** A header with the type of each value, then the values. */
function readRecord(payload: Buffer): StoredValue[] {
  const at = { buffer: payload, offset: 0 }
  const headerBytes = readVarint(at)
  if (headerBytes > payload.length) throw new RangeError('beyond the end')
  const types: number[] = []
  while (at.offset < headerBytes) types.push(readVarint(at))
  if (at.offset !== headerBytes) throw new RangeError('no header')
  const values = types.map((type) => readValue(type, at))
  if (at.offset !== payload.length) throw new RangeError('no record')
  return values
}

const integerBytes = [0, 1, 2, 3, 4, 6, 8]
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function readValue(type: number, at: Position): StoredValue {
  const take = (bytes: number): Buffer => {
    const taken = slice(at.buffer, at.offset, bytes)
    at.offset += bytes
    return taken
  }
  if (type === 0) return null
  if (type === 6) return safe(Number(take(8).readBigInt64BE()))
  if (type <= 5) return take(integerBytes[type]).readIntBE(0, integerBytes[type])
  if (type === 7) return take(8).readDoubleBE()
  if (type <= 9) return type - 8
  if (type < 12) throw new RangeError('no type')
  if (type % 2 === 0) return Uint8Array.from(take((type - 12) / 2))
  return utf8.decode(take((type - 13) / 2))
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError('a number that no row of ours has')
  return value
}
