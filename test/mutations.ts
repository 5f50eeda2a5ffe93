import * as fc from 'fast-check'

/** What happens to a file on its way: cut short, bytes changed, a piece doubled, left out, or claims blown up. */
export function mutations(original: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat({ max: Math.max(0, original.length - 1) })
  /** Headers are where most of a reader's decisions are made. */
  const early = fc.oneof(place, fc.nat({ max: Math.min(255, Math.max(0, original.length - 1)) }))
  const cut = place.map((at) => original.slice(0, at))
  const changed = fc
    .array(fc.tuple(early, fc.nat({ max: 255 })), { minLength: 1, maxLength: 12 })
    .map((changes) => {
      const bytes = original.slice()
      for (const [at, value] of changes) bytes[at] = value
      return bytes
    })
  const enlarged = fc.tuple(early, fc.constantFrom(0xff, 0x7f, 0x80, 0)).map(([at, value]) => {
    const bytes = original.slice()
    bytes.fill(value, at, at + 4)
    return bytes
  })
  const spliced = fc
    .tuple(place, place, place)
    .map(([from, to, at]) =>
      Buffer.concat([
        original.subarray(0, at),
        original.subarray(Math.min(from, to), Math.max(from, to)),
        original.subarray(at),
      ]),
    )
  const without = fc
    .tuple(place, fc.nat({ max: 64 }))
    .map(([at, length]) => Buffer.concat([original.subarray(0, at), original.subarray(at + length)]))
  return fc.oneof(cut, changed, enlarged, spliced, without)
}
