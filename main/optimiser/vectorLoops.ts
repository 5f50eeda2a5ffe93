/**
 * Loops over vectors as a small WebAssembly module, two numbers an instruction: three times as fast as JavaScript,
 * and with the same results to the bit, since both add up four sums in the same order.
 *
 * A vector is named by the address of its first number. Lengths are in bytes and multiples of 32.
 */
export interface VectorLoops {
  /** Σ aᵢ·bᵢ */
  dot(a: number, b: number, bytes: number): number
  /** y ← y + scale·x, and Σ yᵢ·wᵢ of the new y, in one pass. */
  addScaledThenDot(y: number, scale: number, x: number, w: number, bytes: number): number
  /** out ← x + scale·d */
  moveAlong(out: number, x: number, scale: number, d: number, bytes: number): void
  /** out ← scale·x */
  setScaled(out: number, scale: number, x: number, bytes: number): void
  /** out ← a − b */
  subtract(out: number, a: number, b: number, bytes: number): void
}

/** Bytes of the numbers that one turn of a loop takes. */
export const turnBytes = 32
const halfBytes = 16

type Code = readonly number[]

const i32 = 0x7f
const f64 = 0x7c
const v128 = 0x7b

const get = (local: number): Code => [0x20, local]
const set = (local: number): Code => [0x21, local]
const simd = (opcode: number, ...immediates: number[]): Code => [0xfd, ...unsigned(opcode), ...immediates]
const splat = simd(0x14)
const add = simd(0xf0)
const minus = simd(0xf1)
const times = simd(0xf2)
const lane = (index: number): Code => simd(0x21, index)
/** Numbers at an address in a local; 8-byte alignment. */
const load = (address: number, offset: number): Code => [...get(address), ...simd(0x00, 3, offset)]
const store = (offset: number): Code => simd(0x0b, 3, offset)

interface Loop {
  name: keyof VectorLoops
  /** Types of the parameters; the last one is the length in bytes, which becomes the end of the first vector. */
  parameters: Code
  /** Parameters that are addresses. */
  vectors: readonly number[]
  /** Locals that gather sums: two numbers each, one for either half of a turn. None where nothing is returned. */
  sums: boolean
  /** What one half of a turn does. */
  half(offset: number, sum: number, scale: number): Code
}

const loops: readonly Loop[] = [
  {
    name: 'dot',
    parameters: [i32, i32, i32],
    vectors: [0, 1],
    sums: true,
    half: (at, sum) => [...get(sum), ...load(0, at), ...load(1, at), ...times, ...add, ...set(sum)],
  },
  {
    name: 'addScaledThenDot',
    parameters: [i32, f64, i32, i32, i32],
    vectors: [0, 2, 3],
    sums: true,
    half: (at, sum, moved) => [
      ...[...load(0, at), ...get(1), ...splat, ...load(2, at), ...times, ...add, ...set(moved)],
      ...[...get(0), ...get(moved), ...store(at)],
      ...[...get(sum), ...get(moved), ...load(3, at), ...times, ...add, ...set(sum)],
    ],
  },
  {
    name: 'moveAlong',
    parameters: [i32, i32, f64, i32, i32],
    vectors: [0, 1, 3],
    sums: false,
    half: (at) => [
      ...[...get(0), ...load(1, at), ...get(2), ...splat, ...load(3, at), ...times, ...add, ...store(at)],
    ],
  },
  {
    name: 'setScaled',
    parameters: [i32, f64, i32, i32],
    vectors: [0, 2],
    sums: false,
    half: (at) => [...get(0), ...get(1), ...splat, ...load(2, at), ...times, ...store(at)],
  },
  {
    name: 'subtract',
    parameters: [i32, i32, i32, i32],
    vectors: [0, 1, 2],
    sums: false,
    half: (at) => [...get(0), ...load(1, at), ...load(2, at), ...minus, ...store(at)],
  },
]

function bodyOf({ parameters, vectors, sums, half }: Loop): Code {
  const end = parameters.length - 1
  const [low, high, moved] = [parameters.length, parameters.length + 1, parameters.length + 2]
  const forward = vectors.flatMap((vector) => [
    ...get(vector),
    0x41,
    ...signed(turnBytes),
    0x6a,
    ...set(vector),
  ])
  const code = [
    // Three locals, zero at first.
    ...[1, 3, v128],
    ...[...get(0), ...get(end), 0x6a, ...set(end)],
    ...[0x03, 0x40],
    ...half(0, low, moved),
    ...half(halfBytes, high, moved),
    ...forward,
    // Again while the first vector's address is before its end.
    ...[...get(0), ...get(end), 0x49, 0x0d, 0, 0x0b],
    ...(sums ? sumOf(low, high) : []),
    0x0b,
  ]
  return [...unsigned(code.length), ...code]
}

/** (s₀ + s₁) + (s₂ + s₃), as the loops in JavaScript add up theirs. */
const sumOf = (low: number, high: number): Code => {
  const both = (local: number) => [...get(local), ...lane(0), ...get(local), ...lane(1), 0xa0]
  return [...both(low), ...both(high), 0xa0]
}

/** The module's bytes. @see https://webassembly.github.io/spec/core/binary/modules.html */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const types = loops.map(({ parameters, sums }) => [0x60, ...list(parameters), ...list(sums ? [f64] : [])])
  const memory = [...text('env'), ...text('memory'), 0x02, 0x00, 0x01]
  const exported = loops.map(({ name }, index) => [...text(name), 0x00, index])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, listOf(types)),
    ...section(2, listOf([memory])),
    ...section(3, list(loops.map((_, index) => index))),
    ...section(7, listOf(exported)),
    ...section(10, listOf(loops.map(bodyOf))),
  ])
}

const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content]
const list = (items: Code): Code => [...unsigned(items.length), ...items]
const listOf = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const text = (value: string): Code => list([...new TextEncoder().encode(value)])

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** LEB128 with a sign, of a small positive number. */
const signed = (value: number): Code =>
  value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]

/** @returns null where this JavaScript engine has no WebAssembly with SIMD, or may not compile it */
export function compileVectorLoops(memory: WebAssembly.Memory): VectorLoops | null {
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()), { env: { memory } })
    return instance.exports as unknown as VectorLoops
  } catch {
    return null
  }
}
