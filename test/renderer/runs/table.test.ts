import * as fc from 'fast-check'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, test } from 'vitest'
import { cellText, cellTitle } from '../../../renderer/components/runs/cellText.ts'
import {
  columns,
  columnsOf,
  fittingColumns,
  fixedWidth,
  followsNumber,
  gridTemplate,
} from '../../../renderer/components/runs/columns.ts'
import { sparklinePoints } from '../../../renderer/components/runs/sparklinePoints.ts'
import { rowAt, rowTops, tableRows } from '../../../renderer/components/runs/tableRows.ts'
import { useRunCursor } from '../../../renderer/components/runs/useRunCursor.ts'
import { useSelection } from '../../../renderer/stores/selection.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { groupRuns } from '#shared/query/groupRuns.ts'
import { columnKeys, defaultView } from '#shared/query/tableView.ts'
import { makeRun } from '../makeRun.ts'

const configOf = (rho: number) => ({ ...defaultConfig, rho })
const usual = columnsOf(defaultView.columns)

describe('columns in a window of any width', () => {
  const keys = (width: number): string[] => fittingColumns(usual, width).map((column) => column.key)

  test('all are there at 1440 pixels, less the sidebar', () => {
    expect(keys(1440 - 208)).toEqual(defaultView.columns)
  })

  test('every column of a view is one that the table can show', () => {
    expect(columns.map(({ key }) => key).toSorted()).toEqual([...columnKeys].toSorted())
  })

  test('what matters most stays in the narrowest', () => {
    expect(keys(300)).toEqual(['name', 'hidden', 'rho', 'cost', 'rhoHat', 'age'])
  })

  test('a wider window never shows fewer, and what is shown fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 700, max: 2000 }), (width) => {
        const shown = fittingColumns(usual, width)
        expect(fixedWidth + shown.reduce((sum, column) => sum + column.width, 0)).toBeLessThanOrEqual(width)
        expect(fittingColumns(usual, width + 50).length).toBeGreaterThanOrEqual(shown.length)
      }),
    )
  })

  test('the name is cut only where nothing is left to put away', () => {
    expect(gridTemplate(usual, 1232)).toContain('minmax(184px, 3fr)')
    expect(gridTemplate(fittingColumns(usual, 300), 300)).toContain('minmax(96px, 3fr)')
  })

  test('each column has its track, and text keeps clear of the number before it', () => {
    expect(gridTemplate(usual, 1232).match(/px(?![,)])|fr\)/g)).toHaveLength(usual.length + 2)
    const optimiser = usual.findIndex((column) => column.key === 'optimiser')
    expect(followsNumber(usual, optimiser)).toBe(false)
    expect(followsNumber(usual, optimiser - 1)).toBe(true)
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

const runs = Array.from({ length: 10 }, (_, i) =>
  makeRun({ id: i + 1, config: configOf(i < 4 ? 0.05 : 0.01) }),
)
const open = () => false

describe('rows of the table', () => {
  test('of groups stand under their heads; a closed one hides its runs', () => {
    const groups = groupRuns(runs, 'rho')
    const rows = tableRows(runs, groups, (group) => group.value === 0.01)
    const shown = rows.map((row) => (row.kind === 'run' ? row.run.id : row.group.value))
    expect(shown).toEqual([0.01, 0.05, 1, 2, 3, 4])
  })

  test('have a key of their own, even of a run that stands under two tags', () => {
    const tagged = [makeRun({ id: 1, tags: ['a', 'b'] })]
    const rows = tableRows(tagged, groupRuns(tagged, 'tag'), open)
    expect(rows).toHaveLength(4)
    expect(new Set(rows.map(({ key }) => key)).size).toBe(4)
  })

  test('lie below each other, and are found again by their height', () => {
    const rows = tableRows(runs, groupRuns(runs, 'rho'), open)
    const tops = rowTops(rows)
    expect(tops[rows.length]).toBe(2 * 32 + 10 * 48)
    rows.forEach((_, at) => {
      expect(rowAt(tops, tops[at])).toBe(at)
      expect(rowAt(tops, tops[at + 1] - 0.5)).toBe(at)
    })
    expect(rowAt(tops, -5)).toBe(0)
    expect(rowAt(tops, 1e6)).toBe(rows.length - 1)
  })
})

describe('moving through the table by keys', () => {
  beforeEach(() => setActivePinia(createPinia()))
  const setUp = (rows = tableRows(runs, null, open)) => ({
    rows,
    cursor: useRunCursor(
      () => rows,
      () => {},
    ),
    selection: useSelection(),
  })
  const at = ({ cursor, rows }: ReturnType<typeof setUp>) => {
    const row = rows.find(({ key }) => key === cursor.key.value)
    return row?.kind === 'run' ? row.run.id : row?.key
  }

  test('starts at the first row and stops at both ends', () => {
    const all = setUp()
    all.cursor.move(1, false)
    expect(at(all)).toBe(1)
    all.cursor.move(-5, false)
    expect(at(all)).toBe(1)
    all.cursor.move(Infinity, false)
    expect(at(all)).toBe(10)
    all.cursor.move(-Infinity, false)
    expect(at(all)).toBe(1)
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
    const { rows, cursor, selection } = setUp()
    cursor.toggle(rows[5])
    cursor.extend(rows[2])
    expect(selection.runIds).toEqual([6, 5, 4, 3])
  })

  test('a range over the head of a group leaves the head out', () => {
    const { rows, cursor, selection } = setUp(tableRows(runs, groupRuns(runs, 'rho'), open))
    cursor.toggle(rows[6])
    cursor.extend(rows[8])
    expect(selection.runIds).toEqual([10, 1])
  })

  test('a run under two tags is passed twice on the way down', () => {
    const tagged = [makeRun({ id: 1, tags: ['a', 'b'] }), makeRun({ id: 2, tags: ['b'] })]
    const all = setUp(tableRows(tagged, groupRuns(tagged, 'tag'), open))
    const passed = Array.from({ length: 5 }, () => {
      all.cursor.move(1, false)
      return at(all)
    })
    expect(passed).toEqual(['group a', 1, 'group b', 1, 2])
  })

  test('the row it stood on may vanish', () => {
    const all = setUp()
    all.cursor.toggle(all.rows[9])
    all.rows.pop()
    all.cursor.move(1, false)
    expect(at(all)).toBe(1)
    all.cursor.extend(all.rows[2])
    expect(useSelection().has(3)).toBe(true)
  })
})

test('a setting with many figures is shown with three, and told in full', () => {
  const run = makeRun({ id: 1, config: { ...defaultConfig, lambda: 9.6551e-5, rho: 0.05 } })
  expect(cellText(run, 'lambda', 0)).toBe('9.66e−5')
  expect(cellTitle(run, 'lambda')).toBe('9.6551e−5')
  expect(cellText(run, 'rho', 0)).toBe('0.05')
})
