/** How the bytes of a text are to be read: by its mark, else by how they look. */
export interface TextEncoding {
  label: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
  /** Said to the user; null for what everybody expects. */
  remark: string | null
}

const named = (label: TextEncoding['label'], name: string): TextEncoding => ({
  label,
  remark: `The text was read as ${name}.`,
})

/**
 * UTF-8, UTF-16 with or without a mark (Excel's "Unicode text"), or else Windows-1252, as Excel writes CSV in Europe.
 * @param start the first bytes of the text
 */
export function textEncoding(start: Uint8Array): TextEncoding {
  const [first, second] = start
  if (first === 0xff && second === 0xfe) return named('utf-16le', 'UTF-16')
  if (first === 0xfe && second === 0xff) return named('utf-16be', 'UTF-16')
  // Digits and separators in UTF-16 have a zero beside each.
  const half = start.length >> 1
  const zeros = [0, 0]
  for (let i = 0; i < 2 * half; i++) if (start[i] === 0) zeros[i % 2] += 1
  if (half > 0 && zeros[0] === 0 && zeros[1] > 0.8 * half) return named('utf-16le', 'UTF-16')
  if (half > 0 && zeros[1] === 0 && zeros[0] > 0.8 * half) return named('utf-16be', 'UTF-16')
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true })
    return { label: 'utf-8', remark: null }
  } catch {
    return named('windows-1252', 'Windows-1252')
  }
}

/** A text that is there whole. */
export const decodeText = (bytes: Uint8Array): string =>
  new TextDecoder(textEncoding(bytes.subarray(0, textStart)).label).decode(bytes)

/** So much of a text tells how it is to be read. */
export const textStart = 1 << 16

/** Whether bytes are text in any of these: no control characters but white space. */
export function isText(start: Uint8Array): boolean {
  if (start.length === 0) return false
  const text = new TextDecoder(textEncoding(start).label).decode(start, { stream: true })
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 && (code < 9 || code > 13)) return false
  }
  return true
}
