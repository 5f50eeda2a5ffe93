import { describe, expect, test } from 'vitest'
import type { FilterShape } from '../../../renderer/filters/filterShape.ts'
import { filterNumbers, filterTiles } from '../../../renderer/components/filters/filterPicture.ts'
import { tileSheetToSvg } from '../../../renderer/components/filters/tilePicture.ts'
import { patchLevels } from '../../../renderer/components/patches/patchSheet.ts'
import { patchNumbers, patchTiles } from '../../../renderer/components/patches/patchTiles.ts'
import { formatCsv } from '../../../renderer/format/csv.ts'
import { gaborNumbers, gaborTiles } from '../../../renderer/views/unit/gaborTiles.ts'
import { topPatchNumbers, topPatchTiles } from '../../../renderer/views/unit/topPatchTiles.ts'
import { scaleFilter } from '#shared/filters/scaleFilter.ts'

const shape: FilterShape = { width: 2, height: 1, channels: 1, visible: 2, isStrip: false }

describe('filters', () => {
  const sheet = {
    filters: { W1: Float32Array.of(1, -1, 0.5, 0.25, 0, 2), rhoHat: Float32Array.of(0.5, 0.25, 0.125) },
    shape,
    order: [2, -1, 0],
    norms: Float32Array.of(1.5, 0.5, 2),
    peak: null,
  }

  test('go out in the order of the grid, without its empty places', () => {
    expect(formatCsv(filterNumbers(sheet)).split('\r\n')).toEqual([
      'unit,rhoHat,norm,w1,w2',
      '3,0.125,2,0,2',
      '1,0.5,1.5,1,-1',
      '',
    ])
  })

  test('are drawn under their names; few of them are drawn large', () => {
    const svg = tileSheetToSvg(filterTiles(sheet))
    expect(svg.match(/<title>[^<]*/g)).toEqual(['<title>Unit 3', '<title>Unit 1'])
    expect(svg).toContain('scale(64)')
    const many = { ...sheet, order: Array.from({ length: 900 }, (_, place) => place % 3) }
    expect(tileSheetToSvg(filterTiles(many))).toContain('scale(8)')
  })
})

test('a Gabor fit goes out with what it leaves over, both drawn on one scale', () => {
  const fit = { fit: Float32Array.of(1, -0.5), residual: Float32Array.of(0.25, 0) }
  expect(formatCsv(gaborNumbers(fit, shape)).split('\r\n')).toEqual([
    'picture,w1,w2',
    'fit,1,-0.5',
    'residual,0.25,0',
    '',
  ])
  const svg = tileSheetToSvg(gaborTiles(fit, shape, 2))
  // Half of the scale up, an eighth of it up, and a quarter down.
  for (const level of [0.5, 0.125, -0.25]) {
    const grey = Math.round((level + 1) * 127.5).toString(16)
    expect(svg).toContain(`fill="#${grey.repeat(3)}"`)
  }
})

describe('patches', () => {
  const patches = Float32Array.of(0.25, 0.75, 0.5, 1, 0, 0.125)

  test('go out with their values as they are, and are drawn as on the page', () => {
    expect(formatCsv(patchNumbers(patches, 2, shape)).split('\r\n')).toEqual([
      'patch,x1,x2',
      '1,0.25,0.75',
      '2,0.5,1',
      '',
    ])
    const range = { black: 0.0625, white: 0.9375 }
    const sheet = patchTiles(patches, 2, shape, range)
    const { values, order, peak } = sheet
    expect(order).toEqual([0, 1])
    expect(tileSheetToSvg(sheet)).toContain('fill="#ffffff"')
    expect(scaleFilter(values, peak ?? undefined)).toEqual(patchLevels(patches, range))
  })

  test('that make a unit active say where they come from; the values are not those that are drawn', () => {
    const top = [
      {
        row: 41,
        rank: 1,
        activation: 0.5,
        position: { image: 0, x: 3, y: 7 },
        mean: 0.25,
        deviation: 0.125,
      },
      { row: 6, rank: 4, activation: 0.25, position: null, mean: 0, deviation: 1 },
    ]
    const shown = { top, topPatches: Float32Array.of(0.25, 0.75, 0.5, 1) }
    const numbers = topPatchNumbers(shown, shape, ({ position }) => (position ? 'a, b.png' : ''))
    expect(formatCsv(numbers).split('\r\n')).toEqual([
      'rank,row,activation,image,left,top,mean,deviation,x1,x2',
      '1,42,0.5,"a, b.png",3,7,0.25,0.125,0.25,0.75',
      '4,7,0.25,,,,0,1,0.5,1',
      '',
    ])
    expect([...topPatchTiles(shown, shape).values]).toEqual([-0.25, 0.25, -0.25, 0.25])
  })
})
