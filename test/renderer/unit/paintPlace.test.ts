import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { imageName } from '../../../renderer/views/unit/imageName.ts'
import { fitImage, markOf } from '../../../renderer/views/unit/paintPlace.ts'

const side = fc.integer({ min: 8, max: 4000 })

test('an image is as large as its room allows and keeps its shape', () => {
  expect(fitImage({ width: 640, height: 480 }, { width: 64, height: 48 })).toEqual({ width: 64, height: 48 })
  expect(fitImage({ width: 480, height: 640 }, { width: 64, height: 48 })).toEqual({ width: 36, height: 48 })
  expect(fitImage({ width: 4000, height: 2 }, { width: 64, height: 48 })).toEqual({ width: 64, height: 1 })
})

test('the mark lies inside the image, around the patch, and can be seen', () => {
  fc.assert(
    fc.property(
      side,
      side,
      fc.integer({ min: 2, max: 8 }),
      fc.nat(4000),
      fc.nat(4000),
      (width, height, size, x, y) => {
        const image = { width, height }
        const drawn = fitImage(image, { width: 320, height: 320 })
        const place = { x: x % (width - size + 1), y: y % (height - size + 1), size }
        const mark = markOf(place, image, drawn, 12)
        expect(mark.x >= 0 && mark.x + mark.side <= drawn.width).toBe(true)
        expect(mark.y >= 0 && mark.y + mark.side <= drawn.height).toBe(true)
        expect(mark.side).toBeGreaterThanOrEqual(Math.min(12, drawn.width, drawn.height))
        const middleX = ((place.x + size / 2) * drawn.width) / width
        const middleY = ((place.y + size / 2) * drawn.height) / height
        expect(mark.x - 1 <= middleX && middleX <= mark.x + mark.side + 1).toBe(true)
        expect(mark.y - 1 <= middleY && middleY <= mark.y + mark.side + 1).toBe(true)
      },
    ),
    { examples: [[8, 2570, 2, 0, 2568]] },
  )
})

test('an image is called by its file, without folder and ending', () => {
  expect(['trip/garden-07.tif', 'garden.tar.png', 'dune', '.png', 'a\\b.jpg'].map(imageName)).toEqual([
    'garden-07',
    'garden.tar',
    'dune',
    '.png',
    'b',
  ])
})
