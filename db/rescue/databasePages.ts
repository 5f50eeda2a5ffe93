import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'

// SQLite's file format (sqlite.org/fileformat2.html), as far as reading pages without its help takes.

const magic = Buffer.from('SQLite format 3\0', 'latin1')
const logHeaderBytes = 32
const frameHeaderBytes = 24
const usualPageBytes = 4096

/** The pages of a database file, whatever they hold. */
export interface DatabasePages {
  pageBytes: number
  count: number
  /** @param number from 1 */
  page(number: number): Buffer
  close(): void
}

export function openPages(file: string): DatabasePages {
  const handle = openSync(file, 'r')
  const header = readAt(handle, 0, 100)
  const pageBytes = (header.subarray(0, 16).equals(magic) && pageBytesOf(header)) || usualPageBytes
  return {
    pageBytes,
    count: Math.floor(fstatSync(handle).size / pageBytes),
    page: (number) => readAt(handle, (number - 1) * pageBytes, pageBytes),
    close: () => closeSync(handle),
  }
}

/** null for what is no size of a page. */
function pageBytesOf(header: Buffer): number | null {
  const stated = header.readUInt16BE(16)
  const bytes = stated === 1 ? 65_536 : stated
  return bytes >= 512 && (bytes & (bytes - 1)) === 0 ? bytes : null
}

/** What is behind the end of the file reads as zeros. */
function readAt(handle: number, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  readSync(handle, buffer, 0, bytes, at)
  return buffer
}

/**
 * Brings what a write-ahead log has committed into its database and removes the log. SQLite would do so too, but not
 * where the database's first page cannot be read; whatever of the log is not whole counts as not written, as there.
 */
export function applyLog(file: string): void {
  const logFile = `${file}-wal`
  if (!existsSync(logFile)) return
  const log = openSync(logFile, 'r')
  const database = openSync(file, 'r+')
  try {
    const header = readAt(log, 0, logHeaderBytes)
    const start = header.readUInt32BE(0)
    const pageBytes = header.readUInt32BE(8)
    if ((start & ~1) >>> 0 !== 0x377f0682 || pageBytesOf(sizeField(pageBytes)) === null) return
    const checksum = createChecksum((start & 1) === 1)
    checksum.add(header.subarray(0, 24))
    if (!checksum.is(header.subarray(24, 32))) return
    let pending: { page: number; at: number }[] = []
    const size = fstatSync(log).size
    const frameBytes = frameHeaderBytes + pageBytes
    for (let at = logHeaderBytes; at + frameBytes <= size; at += frameBytes) {
      const frame = readAt(log, at, frameBytes)
      if (!frame.subarray(8, 16).equals(header.subarray(16, 24))) return
      checksum.add(frame.subarray(0, 8))
      checksum.add(frame.subarray(frameHeaderBytes))
      if (!checksum.is(frame.subarray(16, 24))) return
      pending.push({ page: frame.readUInt32BE(0), at: at + frameHeaderBytes })
      const pagesAfterCommit = frame.readUInt32BE(4)
      if (pagesAfterCommit === 0) continue
      for (const { page, at: from } of pending)
        writeSync(database, readAt(log, from, pageBytes), 0, pageBytes, (page - 1) * pageBytes)
      ftruncateSync(database, pagesAfterCommit * pageBytes)
      pending = []
    }
  } finally {
    closeSync(log)
    closeSync(database)
    rmSync(logFile)
  }
}

/** The log states 65,536 as it is; a database's header has no room for it. */
function sizeField(pageBytes: number): Buffer {
  const header = Buffer.alloc(18)
  header.writeUInt16BE(pageBytes === 65_536 ? 1 : pageBytes & 0xffff, 16)
  return header
}

/** The running checksum of a write-ahead log over words of 32 bits. */
function createChecksum(isBigEndian: boolean) {
  let [first, second] = [0, 0]
  const word = (bytes: Buffer, at: number) => (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at))
  return {
    add(bytes: Buffer): void {
      for (let at = 0; at < bytes.length; at += 8) {
        first = (first + word(bytes, at) + second) >>> 0
        second = (second + word(bytes, at + 4) + first) >>> 0
      }
    },
    is: (stated: Buffer): boolean => stated.readUInt32BE(0) === first && stated.readUInt32BE(4) === second,
  }
}
