import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint, type Plain } from '#main/session/checkpoint.ts'
import { LabError } from '#shared/domain/labError.ts'

const number = fc.oneof(fc.double(), fc.integer())
const state = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    number,
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.float64Array({ maxLength: 20 }),
    fc.float32Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]\w*$/), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

describe('a checkpoint', () => {
  it('gives back every bit of the state, so that a resumed run ends where its twin ends', () => {
    fc.assert(
      fc.property(state, (value) => {
        expect(decodeCheckpoint(encodeCheckpoint(value))).toStrictEqual(value)
      }),
    )
  })

  it('is refused when bytes are missing, never half read', () => {
    const whole = encodeCheckpoint({ iteration: 7, theta: Float64Array.of(1, -0, Number.NaN), name: 'ρ' })
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeCheckpoint(whole.subarray(0, length)), `${length} bytes`).toThrow(LabError)
    }
  })

  it('survives any damage to its header with a clear error at worst', () => {
    const whole = encodeCheckpoint({ theta: new Float64Array(8) })
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = whole.slice()
        damaged[at] = byte
        try {
          decodeCheckpoint(damaged)
        } catch (error) {
          expect(error).toBeInstanceOf(LabError)
        }
      }),
    )
  })
})
