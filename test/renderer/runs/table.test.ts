import * as fc from 'fast-check'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  columns,
  fittingColumns,
  fixedWidth,
  followsNumber,
  gridTemplate,
} from '../../../renderer/components/runs/columns.ts'
import { sparklinePoints } from '../../../renderer/components/runs/sparklinePoints.ts'
import { useRunCursor } from '../../../renderer/components/runs/useRunCursor.ts'
import { useSelection } from '../../../renderer/stores/selection.ts'
import { makeRun } from '../makeRun.ts'

describe('columns in a window of any width', () => {
  const keys = (width: number): string[] => fittingColumns(columns, width).map((column) => column.key)

  test('all are there at 1440 pixels, less the sidebar', () => {
    expect(keys(1440 - 208)).toEqual(columns.map((column) => column.key))
  })

  test('what matters most stays in the narrowest', () => {
    expect(keys(300)).toEqual(['name', 'hidden', 'rho', 'cost', 'rhoHat', 'age'])
  })

  test('a wider window never shows fewer, and what is shown fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 700, max: 2000 }), (width) => {
        const shown = fittingColumns(columns, width)
        expect(fixedWidth + shown.reduce((sum, column) => sum + column.width, 0)).toBeLessThanOrEqual(width)
        expect(fittingColumns(columns, width + 50).length).toBeGreaterThanOrEqual(shown.length)
      }),
    )
  })

  test('the name is cut only where nothing is left to put away', () => {
    expect(gridTemplate(columns, 1232)).toContain('minmax(184px, 3fr)')
    expect(gridTemplate(fittingColumns(columns, 300), 300)).toContain('minmax(96px, 3fr)')
  })

  test('each column has its track, and text keeps clear of the number before it', () => {
    expect(gridTemplate(columns, 1232).match(/px(?![,)])|fr\)/g)).toHaveLength(columns.length + 2)
    const optimiser = columns.findIndex((column) => column.key === 'optimiser')
    expect(followsNumber(columns, optimiser)).toBe(false)
    expect(followsNumber(columns, optimiser - 1)).toBe(true)
  })
})

describe('the cost in a row', () => {
  const box = { width: 78, height: 22 }

  test('falls from the top to the bottom and ends at the right', () => {
    const points = sparklinePoints(new Float32Array([1, 0.5, 0.25]), box)
    expect(points[0]).toEqual({ x: 0, y: 0 })
    expect(points[2]).toEqual({ x: 78, y: 22 })
  })

  test('leaves out what has no logarithm and stays inside for any values', () => {
    expect(sparklinePoints(new Float32Array([Number.NaN, 0, -1, Infinity]), box)).toEqual([])
    fc.assert(
      fc.property(fc.float32Array(), (cost) => {
        for (const { x, y } of sparklinePoints(cost, box)) {
          expect(x >= 0 && x <= box.width && y >= 0 && y <= box.height).toBe(true)
        }
      }),
    )
  })
})

describe('moving through the table by keys', () => {
  beforeEach(() => setActivePinia(createPinia()))
  const runs = Array.from({ length: 10 }, (_, i) => makeRun({ id: i + 1 }))
  const setUp = () => ({
    cursor: useRunCursor(
      () => runs,
      () => {},
    ),
    selection: useSelection(),
  })

  test('starts at the first row and stops at both ends', () => {
    const { cursor } = setUp()
    cursor.move(1, false)
    expect(cursor.id.value).toBe(1)
    cursor.move(-5, false)
    expect(cursor.id.value).toBe(1)
    cursor.move(Infinity, false)
    expect(cursor.id.value).toBe(10)
    cursor.move(-Infinity, false)
    expect(cursor.id.value).toBe(1)
  })

  test('Space selects, Shift and arrows select the rows between', () => {
    const { cursor, selection } = setUp()
    cursor.move(3, false)
    cursor.select(false)
    cursor.move(1, true)
    cursor.move(1, true)
    expect(selection.runIds).toEqual([3, 4, 5])
    cursor.select(false)
    expect(selection.runIds).toEqual([3, 4])
  })

  test('a Shift-click selects the range in either direction', () => {
    const { cursor, selection } = setUp()
    cursor.toggle(6)
    cursor.extend(3)
    expect(selection.runIds).toEqual([6, 5, 4, 3])
  })

  test('the row it stood on may vanish', () => {
    const list = [...runs]
    const cursor = useRunCursor(
      () => list,
      () => {},
    )
    cursor.toggle(10)
    list.pop()
    cursor.move(1, false)
    expect(cursor.id.value).toBe(1)
    cursor.extend(3)
    expect(useSelection().has(3)).toBe(true)
  })
})
