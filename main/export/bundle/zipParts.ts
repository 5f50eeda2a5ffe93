import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'

export interface ZipFile {
  name: string
  bytes: Uint8Array
  /** Packed, which is worth it for text alone: weights are noise to a packer. */
  deflated?: boolean
}

// The same files give the same bytes whenever they are written.
const writtenAt = new Date(1980, 0, 1)
const level = 6

/** A ZIP archive part by part, so that only one of its files is in memory. */
export function* zipParts(files: Iterable<ZipFile>): Generator<Uint8Array> {
  let parts: Uint8Array[] = []
  const zip = new Zip((error, part) => {
    if (error) throw error
    parts.push(part)
  })
  for (const { name, bytes, deflated } of files) {
    const file = deflated ? new ZipDeflate(name, { level }) : new ZipPassThrough(name)
    file.mtime = writtenAt
    zip.add(file)
    file.push(bytes, true)
    yield* parts
    parts = []
  }
  zip.end()
  yield* parts
}
