import * as fc from 'fast-check'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test } from 'vitest'
import { useSelection } from '../../../renderer/stores/selection.ts'

beforeEach(() => setActivePinia(createPinia()))

describe('letters and colours of selected runs', () => {
  test('are given in order and kept until cleared', () => {
    const selection = useSelection()
    selection.add([30, 10, 20])
    expect(selection.selected.map(({ runId, letter }) => [runId, letter])).toEqual([
      [30, 'A'],
      [10, 'B'],
      [20, 'C'],
    ])
    selection.toggle(10)
    expect(selection.of(20)?.letter).toBe('C')
    selection.toggle(40)
    expect(selection.of(40)?.letter).toBe('B')
    selection.clear()
    selection.toggle(20)
    expect(selection.of(20)?.letter).toBe('A')
  })

  test('go on past the eighth and past Z; colours repeat', () => {
    const selection = useSelection()
    selection.add(Array.from({ length: 60 }, (_, i) => i))
    expect(selection.of(8)).toMatchObject({ letter: 'I', series: 1 })
    expect(selection.of(25)?.letter).toBe('Z')
    expect(selection.of(26)?.letter).toBe('AA')
    expect(selection.of(53)?.letter).toBe('BB')
  })

  test('no two runs ever share a letter, and no run changes it while selected', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('toggle' as const), id: fc.nat(12) }),
      fc.record({ kind: fc.constant('add' as const), id: fc.nat(12) }),
      fc.record({ kind: fc.constant('remove' as const), id: fc.nat(12) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        setActivePinia(createPinia())
        const selection = useSelection()
        for (const { kind, id } of steps) {
          const before = new Map(selection.selected.map((run) => [run.runId, run.letter]))
          if (kind === 'toggle') selection.toggle(id)
          else if (kind === 'add') selection.add([id, id + 1])
          else selection.remove([id])
          const letters = selection.selected.map((run) => run.letter)
          expect(new Set(letters).size).toBe(letters.length)
          expect(new Set(selection.runIds).size).toBe(letters.length)
          for (const run of selection.selected) {
            if (before.has(run.runId)) expect(run.letter).toBe(before.get(run.runId))
          }
        }
      }),
    )
  })
})
