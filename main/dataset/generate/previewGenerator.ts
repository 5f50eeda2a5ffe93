import type { GeneratorName, Sampling } from '#shared/domain/dataset.ts'
import {
  checkedParameters,
  type GeneratorParameters,
  type GeneratorPreview,
} from '#shared/domain/generators.ts'
import { drawThumbnail } from '../sample/drawThumbnail.ts'
import { samplePatches } from '../sample/samplePatches.ts'
import { generateNatural } from './generateNatural.ts'
import { createPatchSource } from './patchSource.ts'

const imageWidth = 256
const mostPatches = 48

/**
 * What a generator makes with these settings, drawn in a fraction of a second: the dataset's own first patches before
 * normalisation, or for `natural`, patches of its first image alone.
 * @throws LabError badInput
 */
export async function previewGenerator(
  generator: GeneratorName,
  sampling: Sampling,
  given?: GeneratorParameters,
): Promise<GeneratorPreview> {
  const parameters = checkedParameters(generator, given)
  const count = Math.min(sampling.patches, mostPatches)
  if (generator === 'natural') return previewNatural({ ...sampling, patches: count }, parameters)
  const n = sampling.patchSize ** 2 * sampling.channels
  const patches = new Float32Array(count * n)
  const draw = createPatchSource(generator, sampling, parameters)
  for (let row = 0; row < count; row++) draw(patches.subarray(row * n, (row + 1) * n))
  return { patches, count, image: null }
}

async function previewNatural(
  sampling: Sampling,
  { smallestLeaf }: GeneratorParameters,
): Promise<GeneratorPreview> {
  const [first] = generateNatural(sampling, sampling.channels, { count: 1, smallestLeaf })
  const image = await first.read()
  const source = { ...first, read: () => Promise.resolve(image) }
  const sampled = await samplePatches([source], sampling, {
    onUnreadable(_file, error) {
      throw error
    },
  })
  if (sampled === null) throw new Error('no image was drawn')
  return { patches: sampled.patches, count: sampling.patches, image: drawThumbnail(image, imageWidth) }
}
