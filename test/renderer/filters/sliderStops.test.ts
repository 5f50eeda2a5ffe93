import { describe, expect, test } from 'vitest'
import { sliderStops } from '../../../renderer/filters/sliderStops.ts'

describe('where the snapshot slider can stand', () => {
  test('a live run can be left for its start before the list of its snapshots has come', () => {
    expect(sliderStops([], true)).toEqual([0, null])
  })
  test('the end of a live run is newer than its newest snapshot', () => {
    expect(sliderStops([0, 1, 4], true)).toEqual([0, 1, 4, null])
  })
  test('the end of an ended run is its newest snapshot', () => {
    expect(sliderStops([0, 1, 4], false)).toEqual([0, 1, null])
    expect(sliderStops([0], false)).toEqual([null])
    expect(sliderStops([], false)).toEqual([])
  })
})
