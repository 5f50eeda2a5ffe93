import { expect, it } from 'vitest'
import { axisLabel, timeLabel } from '../../../renderer/charts/axisLabel.ts'

it('a number on an axis is short, and has a true minus', () => {
  expect([0, 0.0001, 0.03, 1, 10_000, 1e6, 1e-5, -0.5].map(axisLabel)).toEqual([
    '0',
    '0.0001',
    '0.03',
    '1',
    '10,000',
    '1e6',
    '1e−5',
    '−0.5',
  ])
})

it('training time has the unit that keeps it short', () => {
  expect([0, 500, 20_000, 300_000, 36_000_000].map(timeLabel)).toEqual([
    '0',
    '500 ms',
    '20 s',
    '5 min',
    '10 h',
  ])
})
