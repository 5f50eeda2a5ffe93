/**
 * Loops over vectors as a small WebAssembly module, two numbers an instruction: three times as fast as JavaScript,
 * and with the same results to the bit, since both add up four sums in the same order.
 *
 * A vector is named by the address of its first number. Its numbers are float64; those of a pair's vectors are float32,
 * and computed with as float64. `bytes` is the length of the loop's first vector, a whole number of turns.
 */
export interface VectorLoops {
  /** Σ aᵢ·bᵢ */
  dot(a: number, b: number, bytes: number): number
  /** Σ aᵢ·bᵢ, b a pair's. */
  dotWithPair(a: number, b: number, bytes: number): number
  /** Σ aᵢ·bᵢ, both a pair's. */
  dotOfPair(a: number, b: number, bytes: number): number
  /** y ← y + scale·x, and Σ yᵢ·wᵢ of the new y, in one pass; x and w are pairs'. */
  addScaledThenDot(y: number, scale: number, x: number, w: number, bytes: number): number
  /** y ← y + scale·x, x a pair's. */
  addScaled(y: number, scale: number, x: number, bytes: number): void
  /** out ← x + scale·d */
  moveAlong(out: number, x: number, scale: number, d: number, bytes: number): void
  /** out ← scale·x */
  setScaled(out: number, scale: number, x: number, bytes: number): void
  /** out ← a − b, out a pair's. */
  subtract(out: number, a: number, b: number, bytes: number): void
}

/** Numbers that one turn of a loop takes, in two halves. */
const turn = 4
/** Bytes of a number. */
export const float64Bytes = 8
export const float32Bytes = 4
/** Vectors are padded to whole turns. */
export const padded = (length: number): number => Math.max(1, Math.ceil(length / turn)) * turn

type Code = readonly number[]
const join = (...parts: readonly (number | Code)[]): Code => parts.flat()

/** Types of values. */
const i32 = 0x7f
const f64 = 0x7c
const v128 = 0x7b

const get = (local: number): Code => [0x20, local]
const set = (local: number): Code => [0x21, local]
const addWhole = 0x6a
const addOne = 0xa0
const simd = (opcode: number, ...immediates: number[]): Code => join(0xfd, unsigned(opcode), immediates)
const splat = simd(0x14)
const add = simd(0xf0)
const minus = simd(0xf1)
const times = simd(0xf2)
const lane = (index: number): Code => simd(0x21, index)
/** Two numbers of a half (0 or 1) of a turn, from the address in a local. */
const load = (local: number, half: number): Code => join(get(local), simd(0x00, 3, half * 2 * float64Bytes))
const store = (half: number): Code => simd(0x0b, 3, half * 2 * float64Bytes)
/** The same of float32. */
const loadPair = (local: number, half: number): Code =>
  join(get(local), simd(0x5d, 3, half * 2 * float32Bytes), simd(0x5f))
const storePair = (half: number): Code => join(simd(0x5e), simd(0x5b, 3, half * 2 * float32Bytes, 0))

interface Loop {
  name: keyof VectorLoops
  /** Types of the parameters; the last one is the length in bytes. */
  parameters: Code
  /** Parameters that are addresses, and the bytes of a number there. */
  vectors: Record<number, number>
  /** Whether it returns a sum. */
  sums: boolean
  /** What is done to two numbers; `sum` and `moved` are locals of two numbers each. */
  half(half: number, sum: number, moved: number): Code
}

const [wide, narrow] = [float64Bytes, float32Bytes]

const loops: readonly Loop[] = [
  {
    name: 'dot',
    parameters: [i32, i32, i32],
    vectors: { 0: wide, 1: wide },
    sums: true,
    half: (at, sum) => join(get(sum), load(0, at), load(1, at), times, add, set(sum)),
  },
  {
    name: 'dotWithPair',
    parameters: [i32, i32, i32],
    vectors: { 0: wide, 1: narrow },
    sums: true,
    half: (at, sum) => join(get(sum), load(0, at), loadPair(1, at), times, add, set(sum)),
  },
  {
    name: 'dotOfPair',
    parameters: [i32, i32, i32],
    vectors: { 0: narrow, 1: narrow },
    sums: true,
    half: (at, sum) => join(get(sum), loadPair(0, at), loadPair(1, at), times, add, set(sum)),
  },
  {
    name: 'addScaledThenDot',
    parameters: [i32, f64, i32, i32, i32],
    vectors: { 0: wide, 2: narrow, 3: narrow },
    sums: true,
    half: (at, sum, moved) =>
      join(
        join(load(0, at), get(1), splat, loadPair(2, at), times, add, set(moved)),
        join(get(0), get(moved), store(at)),
        join(get(sum), get(moved), loadPair(3, at), times, add, set(sum)),
      ),
  },
  {
    name: 'addScaled',
    parameters: [i32, f64, i32, i32],
    vectors: { 0: wide, 2: narrow },
    sums: false,
    half: (at) => join(get(0), load(0, at), get(1), splat, loadPair(2, at), times, add, store(at)),
  },
  {
    name: 'moveAlong',
    parameters: [i32, i32, f64, i32, i32],
    vectors: { 0: wide, 1: wide, 3: wide },
    sums: false,
    half: (at) => join(get(0), load(1, at), get(2), splat, load(3, at), times, add, store(at)),
  },
  {
    name: 'setScaled',
    parameters: [i32, f64, i32, i32],
    vectors: { 0: wide, 2: wide },
    sums: false,
    half: (at) => join(get(0), get(1), splat, load(2, at), times, store(at)),
  },
  {
    name: 'subtract',
    parameters: [i32, i32, i32, i32],
    vectors: { 0: narrow, 1: wide, 2: wide },
    sums: false,
    half: (at) => join(get(0), load(1, at), load(2, at), minus, storePair(at)),
  },
]

function bodyOf({ parameters, vectors, sums, half }: Loop): Code {
  const end = parameters.length - 1
  const [low, high, moved] = [0, 1, 2].map((k) => parameters.length + k)
  const locals = [1, 3, v128]
  const endFromLength = join(get(0), get(end), addWhole, set(end))
  const forward = Object.entries(vectors).map(([vector, bytes]) =>
    join(get(Number(vector)), 0x41, turn * bytes, addWhole, set(Number(vector))),
  )
  const againBeforeEnd = join(get(0), get(end), 0x49, 0x0d, 0)
  const loop = join(
    0x03,
    0x40,
    half(0, low, moved),
    half(1, high, moved),
    forward.flat(),
    againBeforeEnd,
    0x0b,
  )
  const code = join(locals, endFromLength, loop, sums ? sumOf(low, high) : [], 0x0b)
  return join(unsigned(code.length), code)
}

/** (s₀ + s₁) + (s₂ + s₃), as the loops in JavaScript add up theirs. */
function sumOf(low: number, high: number): Code {
  const both = (local: number) => join(get(local), lane(0), get(local), lane(1), addOne)
  return join(both(low), both(high), addOne)
}

/** The module's bytes. @see https://webassembly.github.io/spec/core/binary/modules.html */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const types = loops.map(({ parameters, sums }) => join(0x60, list(parameters), list(sums ? [f64] : [])))
  const memory = join(text('env'), text('memory'), 0x02, 0x00, 0x01)
  const exported = loops.map(({ name }, index) => join(text(name), 0x00, index))
  const start = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
  return Uint8Array.from(
    join(
      start,
      section(1, listOf(types)),
      section(2, listOf([memory])),
      section(3, list(loops.map((_, index) => index))),
      section(7, listOf(exported)),
      section(10, listOf(loops.map(bodyOf))),
    ),
  )
}

const section = (id: number, content: Code): Code => join(id, unsigned(content.length), content)
const list = (items: Code): Code => join(unsigned(items.length), items)
const listOf = (items: readonly Code[]): Code => join(unsigned(items.length), items.flat())
const text = (value: string): Code => list([...new TextEncoder().encode(value)])

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : join((value & 0x7f) | 0x80, unsigned(value >>> 7))
}

/** @returns null where this JavaScript engine has no WebAssembly with SIMD, or may not compile it */
export function compileVectorLoops(memory: WebAssembly.Memory): VectorLoops | null {
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()), { env: { memory } })
    return instance.exports as unknown as VectorLoops
  } catch {
    return null
  }
}
