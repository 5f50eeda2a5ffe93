import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Transformer } from '@napi-rs/image'
import { stopHere } from '#main/export/stopHere.ts'
import { writeWhole } from '#main/export/writeWhole.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { GeneratorParameters } from '#shared/domain/generators.ts'
import type { Seed } from '#shared/random/stream.ts'
import type { PixelImage } from '../image/pixelImage.ts'
import { generateNatural } from './generateNatural.ts'

const mostImages = 1000

export interface GeneratedImages extends Seed {
  channels: 1 | 3
  count: number
  parameters?: GeneratorParameters
  /** Made where it does not exist. */
  folder: string
  signal?: AbortSignal
}

/**
 * Writes the images of `generate natural` as 8-bit PNG files. Importing the folder with the same seed gives the same
 * patches as generating the dataset, if there are as many images.
 * @returns paths of the files written
 * @throws LabError badInput for a count outside 1 to 1000, or where the folder cannot be written
 */
export async function writeGeneratedImages({
  channels,
  count,
  folder,
  parameters = {},
  signal,
  ...seed
}: GeneratedImages): Promise<string[]> {
  if (!Number.isInteger(count) || count < 1 || count > mostImages) {
    throw new LabError(
      'badInput',
      `The number of images must be a whole number from 1 to ${mostImages}, not ${count}.`,
    )
  }
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new LabError('badInput', `The folder ${folder} cannot be made. Choose another.`, { cause: error })
  })
  const files: string[] = []
  for (const source of generateNatural(seed, channels, {
    count,
    smallestLeaf: parameters.smallestLeaf,
  })) {
    const file = join(folder, source.file)
    await stopHere(
      signal,
      `${files.length} ${files.length === 1 ? 'image was' : 'images were'} written to ${folder}.`,
    )
    await writeWhole(file, await encodePng(await source.read()))
    files.push(file)
  }
  return files
}

/** 8-bit grey or RGB. */
async function encodePng({ width, height, channels, pixels }: PixelImage): Promise<Uint8Array> {
  const rgba = new Uint8Array(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) {
      rgba[i * 4 + channel] = Math.round(pixels[channels === 1 ? i : i * 3 + channel] * 255)
    }
  }
  const image = Transformer.fromRgbaPixels(rgba, width, height)
  return channels === 1 ? image.grayscale().png() : image.png()
}
