import { expect, test } from 'vitest'
import {
  reconstructionLayout,
  reconstructionNumbers,
  reconstructionsToSvg,
} from '../../../renderer/filters/paintReconstructions.ts'
import { tilesToSvg } from '../../../renderer/filters/tilesSvg.ts'
import type { FilterShape } from '../../../renderer/filters/filterShape.ts'

const shape: FilterShape = { width: 2, height: 2, channels: 1, visible: 4, isStrip: false }

test('a tile is drawn with a rectangle for each run of equal pixels', () => {
  const levels = Uint8ClampedArray.of(0, 0, 128, 255)
  const svg = tilesToSvg({ width: 20, height: 20, ground: '#808080' }, [{ levels, x: 3, y: 5 }], shape, 4)
  expect(svg).toContain('<rect width="20" height="20" fill="#808080"/>')
  expect(svg).toContain('<g transform="translate(3 5) scale(4)">')
  expect(svg.match(/<rect x=[^>]*>/g)).toEqual([
    '<rect x="0" y="0" width="2" height="1" fill="#000000"/>',
    '<rect x="0" y="1" width="1" height="1" fill="#808080"/>',
    '<rect x="1" y="1" width="1" height="1" fill="#ffffff"/>',
  ])
})

test('reconstructions go out as three rows of tiles, and as numbers', () => {
  const patches = Float32Array.of(0.1, 0.9, 0.5, 0.5, 0.2, 0.8, 0.4, 0.6)
  const outputs = patches.map((value) => value / 2)
  const reconstructions = { count: 2, patches, outputs }
  const layout = reconstructionLayout(shape, 200, 2, 1)
  const svg = reconstructionsToSvg(reconstructions, shape, layout)
  expect(svg.match(/<g /g)).toHaveLength(6)
  const { head, columns } = reconstructionNumbers(reconstructions)
  expect(head).toEqual(['patch', 'value', 'input', 'output'])
  expect(columns.map((column) => Array.from(column)[5])).toEqual([2, 2, patches[5], outputs[5]])
})
