import { Transformer } from '@napi-rs/image'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '#main/dataset/image/readImage.ts'
import { withOrientation } from './pictures.ts'

const photo = await readFile(path.join(import.meta.dirname, '../fixtures/photos/aqua.jpg'))
const plain = await decodeImage(photo, 1)

const isSame = (image: { pixels: Float32Array }) =>
  Buffer.from(image.pixels.buffer).equals(Buffer.from(plain.pixels.buffer))

describe('a JPEG', () => {
  it.each([0, 9, 255])(
    'whose camera noted the orientation %i is read as it is stored',
    async (orientation) => {
      const image = await decodeImage(withOrientation(photo, orientation), 1)
      expect([image.width, image.height]).toEqual([640, 400])
      expect(isSame(image)).toBe(true)
    },
  )

  it('with junk between its markers is read', async () => {
    const first = 4 + photo.readUInt16BE(4)
    const junk = Buffer.from([0, 1, 2, 0xd8, 3, 4])
    expect(
      isSame(await decodeImage(Buffer.concat([photo.subarray(0, first), junk, photo.subarray(first)]), 1)),
    ).toBe(true)
  })

  it('with a few bytes too many before its end is read', async () => {
    const padded = Buffer.concat([photo.subarray(0, -2), Buffer.from([1, 2, 3]), photo.subarray(-2)])
    expect(isSame(await decodeImage(padded, 1))).toBe(true)
  })

  it('that is damaged in its middle is named, not filled with grey', async () => {
    const damaged = Buffer.from(photo)
    damaged.fill(0xa5, 12_000, 14_000)
    await expect(decodeImage(damaged, 1)).rejects.toThrow(
      'The file is damaged: it cannot be decoded. Copy it again.',
    )
  })

  it('that asks for scans without end is refused at once', async () => {
    const scans = Buffer.concat(Array.from({ length: 600 }, () => Buffer.from([0xff, 0xda, 0, 2])))
    const bomb = Buffer.concat([photo.subarray(0, -2), scans, photo.subarray(-2)])
    await expect(decodeImage(bomb, 1)).rejects.toThrow('The file is damaged')
  })

  it('of grey alone gives the same grey in three channels', async () => {
    const grey = await new Transformer(photo).grayscale().jpeg(90)
    const one = await decodeImage(grey, 1)
    const three = await decodeImage(grey, 3)
    for (let i = 0; i < one.pixels.length; i += 997) expect(three.pixels[i * 3 + 1]).toBe(one.pixels[i])
  })
})
