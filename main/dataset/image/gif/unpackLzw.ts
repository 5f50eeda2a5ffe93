const mostCodes = 4096

/**
 * Unpacks GIF's variant of Lempel–Ziv–Welch: codes of growing length, least significant bits first.
 * @param minimumCodeBits 2 to 8
 * @param length          values to unpack; what follows them is passed over
 * @returns null where the codes make no sense, or end before so many values
 */
export function unpackLzw(
  pieces: readonly Uint8Array[],
  minimumCodeBits: number,
  length: number,
): Uint8Array | null {
  if (minimumCodeBits < 1 || minimumCodeBits > 8) return null
  const values = new Uint8Array(length)
  const clear = 1 << minimumCodeBits
  const end = clear + 1
  // Code c stands for what prefix[c] stands for and suffix[c] behind it.
  const prefix = new Uint16Array(mostCodes)
  const suffix = new Uint8Array(mostCodes)
  const lengths = new Uint32Array(mostCodes)
  for (let code = 0; code < clear; code++) {
    suffix[code] = code
    lengths[code] = 1
  }
  let next = end + 1
  let codeBits = minimumCodeBits + 1
  let previous = -1
  let filled = 0
  let bits = 0
  let bitCount = 0

  /** Writes what a code stands for from its end; returns its first value. */
  const write = (code: number, at: number): number => {
    let rest = code
    for (let to = at + lengths[code] - 1; to > at; to--) {
      if (to < length) values[to] = suffix[rest]
      rest = prefix[rest]
    }
    if (at < length) values[at] = suffix[rest]
    return suffix[rest]
  }

  for (const piece of pieces) {
    for (const byte of piece) {
      bits |= byte << bitCount
      bitCount += 8
      while (bitCount >= codeBits) {
        const code = bits & ((1 << codeBits) - 1)
        bits >>>= codeBits
        bitCount -= codeBits
        if (code === end) return filled >= length ? values : null
        if (code === clear) {
          next = end + 1
          codeBits = minimumCodeBits + 1
          previous = -1
          continue
        }
        if (previous < 0) {
          if (code >= clear) return null
          write(code, filled)
          filled += 1
        } else {
          if (code > next || (code === next && next === mostCodes)) return null
          const isNew = code === next
          const known = isNew ? previous : code
          const first = write(known, filled)
          filled += lengths[known]
          if (isNew) {
            if (filled < length) values[filled] = first
            filled += 1
          }
          if (next < mostCodes) {
            prefix[next] = previous
            suffix[next] = first
            lengths[next] = lengths[previous] + 1
            next += 1
            if (next === 1 << codeBits && codeBits < 12) codeBits += 1
          }
        }
        previous = code
        if (filled >= length) return values
      }
    }
  }
  return null
}
