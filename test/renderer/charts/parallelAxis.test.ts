import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  brushBetween,
  doesVary,
  fittingColumns,
  parallelAxis,
  rangeText,
  rowsInside,
  stopsOf,
  ticksOf,
  type ParallelColumn,
} from '../../../renderer/charts/parallelAxis.ts'
import { rowAt } from '../../../renderer/charts/parallelPointer.ts'

const column = (values: ParallelColumn['values'], scale: ParallelColumn['scale'] = 'linear') =>
  parallelAxis({ id: 'x', name: 'x', scale, values })

describe('a parallel axis', () => {
  it('spans its numbers, by their logarithms where they are all positive', () => {
    expect([...column([10, 20, 15]).positions]).toEqual([0, 1, 0.5])
    const log = column([1e-5, 1e-4, 1e-3], 'log')
    expect(log.positions[1]).toBeCloseTo(0.5, 12)
    expect(log.valueAt(0.5)).toBeCloseTo(1e-4, 12)
    expect([...column([0, 5, 10], 'log').positions]).toEqual([0, 0.5, 1])
  })

  it('has no place for a run without the value', () => {
    expect([...column([1, null, 3]).positions]).toEqual([0, NaN, 1])
  })

  it('takes words as categories in their order, numbers among them too', () => {
    const axis = column(['tanh', 'sigmoid', 'tanh', null])
    expect(axis.categories).toEqual(['sigmoid', 'tanh'])
    expect([...axis.positions]).toEqual([1, 0, 1, NaN])
    expect(column(['h 100', 'h 25', 'h 50']).categories).toEqual(['h 25', 'h 50', 'h 100'])
  })

  it('is labelled however near to each other its values are', () => {
    expect(ticksOf(column([0.427, 0.437], 'log'), 200, 28).length).toBeGreaterThan(1)
    expect(ticksOf(column([1e-5, 1e-3], 'log'), 200, 28)).toContain(1e-4)
    expect(ticksOf(column(['a', 'b', 'c', 'd']), 60, 28)).toEqual([0, 2])
  })

  it('is left out where all runs meet in one point', () => {
    expect(doesVary({ values: [3, 3, null] })).toBe(false)
    expect(doesVary({ values: [3, 4, null] })).toBe(true)
  })
})

describe('axes that do not fit', () => {
  it('give way in their turn, and the others keep their order', () => {
    const columns = [{ givesWay: 2 }, { givesWay: 0 }, { givesWay: 1 }, { givesWay: 0 }]
    expect(fittingColumns(columns, 3)).toEqual([columns[1], columns[2], columns[3]])
    expect(fittingColumns(columns, 0)).toEqual([columns[1], columns[3]])
  })
})

describe('a brush', () => {
  const cost = parallelAxis({ id: 'cost', name: 'cost', scale: 'log', values: [0.1, 0.2, 0.4, null] })
  const activation = parallelAxis({
    id: 'activation',
    name: 'activation',
    scale: 'linear',
    values: ['tanh', 'sigmoid', 'tanh', 'tanh'],
  })
  const axes = [cost, activation]

  it('keeps the runs between its ends, both included, and none without a value', () => {
    expect(rowsInside(axes, 4, new Map())).toEqual([0, 1, 2, 3])
    expect(rowsInside(axes, 4, new Map([['cost', { min: 0.1, max: 0.2 }]]))).toEqual([0, 1])
    const both = new Map([
      ['cost', { min: 0.05, max: 1 }],
      ['activation', { min: 0.5, max: 1 }],
    ])
    expect(rowsInside(axes, 4, both)).toEqual([0, 2])
  })

  it('over the whole axis is none', () => {
    expect(brushBetween(cost, 1.2, -0.1)).toBeNull()
  })

  it('never leaves out a run that lies between the positions it was drawn at', () => {
    const values = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 })
    const position = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(values, fc.constantFrom('linear', 'log'), position, position, (values, scale, a, b) => {
        const axis = column(values, scale as 'linear' | 'log')
        const range = brushBetween(axis, a, b)
        const inside = new Set(
          range === null ? values.keys() : rowsInside([axis], values.length, new Map([['x', range]])),
        )
        axis.positions.forEach((at, row) => {
          if (at >= Math.min(a, b) && at <= Math.max(a, b)) expect(inside.has(row)).toBe(true)
        })
      }),
    )
  })

  it('says what it keeps', () => {
    expect(rangeText(cost, { min: 0.1, max: 0.2 })).toBe('0.1 to 0.2')
    expect(rangeText(activation, { min: 0.4, max: 1 })).toBe('tanh')
    expect(rangeText(activation, { min: 0.2, max: 0.8 })).toBe('none')
  })

  it('stops at every value by the keys, or at twenty steps where there are more', () => {
    expect(stopsOf(activation)).toEqual([0, 1])
    expect(stopsOf(column(Array.from({ length: 50 }, (_, i) => i)))).toHaveLength(21)
  })
})

describe('the line under the pointer', () => {
  const axes = [column([0, 1, 0.5]), column([0, 1, null])]
  const at = (x: number, y: number, among = [0, 1, 2]) =>
    rowAt(axes, [0, 100], (position) => 100 - 100 * position, x, y, among)

  it('is the nearest of those that can be pointed at, or none', () => {
    expect(at(50, 98)).toBe(0)
    expect(at(50, 3)).toBe(1)
    expect(at(50, 50)).toBeNull()
    expect(at(50, 98, [1])).toBeNull()
    expect(at(150, 98)).toBeNull()
  })
})
