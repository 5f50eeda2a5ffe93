import { formatNpyHeader, headerBytes } from '#main/dataset/npy/npyHeader.ts'

/** A NumPy array without dimensions that holds one string: `np.load(f)['config'].item()` is that string. */
export function formatNpyText(text: string): Uint8Array {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  const header = formatNpyHeader([], `<U${points.length}`)
  const bytes = new Uint8Array(header.length + 4 * points.length)
  bytes.set(header)
  const view = new DataView(bytes.buffer, header.length)
  for (const [i, point] of points.entries()) view.setUint32(4 * i, point, true)
  return bytes
}

/** The string of such an array (or of bytes in UTF-8); null where it is anything else. */
export function parseNpyText(bytes: Uint8Array, name: string): string | null {
  const start = headerBytes(bytes, name)
  const header = Buffer.from(bytes.subarray(0, start)).toString('latin1')
  const [, kind, count] = /'descr'\s*:\s*'[<|]([US])(\d+)'/.exec(header) ?? []
  const isSingle = /'shape'\s*:\s*\(\s*(1\s*,)?\s*\)/.test(header)
  const text = bytes.subarray(start)
  if (kind === undefined || !isSingle || text.length !== Number(count) * (kind === 'U' ? 4 : 1)) return null
  if (kind === 'S') return stripEnd(new TextDecoder().decode(text))
  const view = new DataView(text.buffer, text.byteOffset, text.byteLength)
  let decoded = ''
  for (let at = 0; at < text.length; at += 4) {
    const point = view.getUint32(at, true)
    if (point > 0x10ffff) return null
    decoded += String.fromCodePoint(point)
  }
  return stripEnd(decoded)
}

/** NumPy fills strings up with zeros. */
const stripEnd = (text: string) => text.replace(/\0+$/, '')
