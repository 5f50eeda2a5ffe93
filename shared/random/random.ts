import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** Seeded random numbers (xoroshiro128+): the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Uniform whole number in [0, bound). */
  integer(bound: number): number
  /** Standard normal (Box–Muller, both values used in turn). */
  normal(): number
  /** What `restoreRandom` needs to go on exactly here. */
  state(): number[]
}

type Generator = ReturnType<typeof xoroshiro128plus>

// The seed fills only part of the state; skipping mixes it, or neighbouring seeds start alike.
const warmUp = 64

/** @param seed whole number in [0, 2³²) */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0)
  for (let i = 0; i < warmUp; i++) generator.next()
  return over(generator, Number.NaN)
}

/** @param state what `state()` returned */
export function restoreRandom(state: readonly number[]): Random {
  return over(xoroshiro128plusFromState(state.slice(0, -1)), state.at(-1) ?? Number.NaN)
}

/** @param spare the second normal of a pair not yet given out, or NaN */
function over(generator: Generator, spare: number): Random {
  const uniform = () => uniformFloat64(generator)
  return {
    uniform,
    integer: (bound) => uniformInt(generator, 0, bound - 1),
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare
        spare = Number.NaN
        return value
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
      const angle = 2 * Math.PI * uniform()
      spare = radius * Math.sin(angle)
      return radius * Math.cos(angle)
    },
    state: () => [...generator.getState(), spare],
  }
}

/** Fisher–Yates in place. */
export function shuffle(values: Uint32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const value = values[i]
    values[i] = values[j]
    values[j] = value
  }
}
