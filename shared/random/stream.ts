import { createRandom, restoreRandom, type Random } from './random.ts'

/**
 * How a seed becomes random numbers. `separate`: each use has a stream of its own, so that equal seeds give unrelated
 * numbers to data and weights. `shared`: as everything was made before there was a choice; most uses then drew the same
 * numbers. What was stored without saying so is `shared` for ever.
 */
export const streamKinds = ['separate', 'shared'] as const
export type Streams = (typeof streamKinds)[number]

/** A seed, and how it is mixed: a run's settings and a dataset's sampling have both. */
export interface Seed {
  /** Whole number in [0, 2³²). */
  seed: number
  streams?: Streams
}

/** All that a seed is used for, and what `shared` streams set each apart by. A name must never change: it is mixed in. */
const offsets = {
  /** Initial weights of a run. */
  weights: 0,
  /** Order of patches in an epoch. */
  order: 0x5bd1e995,
  /** Patches that are held out. */
  holdOut: 0x2c1b3c6d,
  /** Which patches of images are taken. */
  sampling: 0,
  noise: 0,
  bars: 0,
  /** The seeds of generated images, */
  images: 0x9e3779b9,
  /** and each of these. */
  image: 0,
  /** Configurations of a random sweep. */
  draws: 0,
  /** Biases that a gradient is checked at, */
  checkedBiases: 0,
  /** and parameters that are checked by differences. */
  checkedParameters: 0,
} as const
export type SeedUse = keyof typeof offsets
export const seedUses = Object.keys(offsets) as SeedUse[]

/** Random numbers for one use of a seed: the same on every machine. */
export function createStream({ seed, streams = 'shared' }: Seed, use: SeedUse): Random {
  if (streams === 'shared') return createRandom((seed ^ offsets[use]) >>> 0)
  let state = mixed(mixed(BigInt(seed)) ^ hashOf(use))
  const words: number[] = []
  for (let k = 0; k < 2; k++) {
    state = low64(state + golden)
    const word = mixed(state)
    words.push(Number(word >> 32n) | 0, Number(word & 0xffffffffn) | 0)
  }
  return restoreRandom([...words, Number.NaN])
}

const low64 = (value: bigint): bigint => BigInt.asUintN(64, value)

/** 2⁶⁴ over the golden ratio: SplitMix64's increment. */
const golden = 0x9e3779b97f4a7c15n

/**
 * SplitMix64's finaliser (Stafford's variant 13): every bit of the value moves half of the result's.
 * @see Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014
 */
function mixed(value: bigint): bigint {
  let z = low64(value + golden)
  z = low64((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
  z = low64((z ^ (z >> 27n)) * 0x94d049bb133111ebn)
  return z ^ (z >> 31n)
}

/** FNV-1a of a name. */
function hashOf(name: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (const character of name) hash = low64((hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n)
  return hash
}
