import { z } from 'zod'
import type { GeneratorName } from './dataset.ts'
import { LabError } from './labError.ts'

/** A number that a generator can be told. */
export interface GeneratorParameter {
  name: 'images' | 'smallestLeaf' | 'deviation' | 'probability'
  label: string
  what: string
  min: number
  max: number
  /** Of whole numbers only. */
  whole: boolean
  /** null where it follows from the patch size. */
  usual: number | null
}

/** What each generator can be told; left out, it is as it always was. */
export const generatorParameters: Record<GeneratorName, readonly GeneratorParameter[]> = {
  natural: [
    {
      name: 'images',
      label: 'Images',
      what: 'How many images the patches are taken from.',
      min: 1,
      max: 100,
      whole: true,
      usual: 10,
    },
    {
      name: 'smallestLeaf',
      label: 'Smallest leaf',
      what: 'Radius of the smallest leaves in pixels: smaller ones give busier patches.',
      min: 4,
      max: 128,
      whole: false,
      usual: 32,
    },
  ],
  noise: [
    {
      name: 'deviation',
      label: 'Deviation',
      what: 'Standard deviation of a pixel around mid grey.',
      min: 0.01,
      max: 0.5,
      whole: false,
      usual: 0.2,
    },
  ],
  bars: [
    {
      name: 'probability',
      label: 'Probability',
      what: 'With which each row and each column is lit; 1 / patch size where left empty.',
      min: 0.01,
      max: 0.9,
      whole: false,
      usual: null,
    },
  ],
}

const all = Object.values(generatorParameters).flat()

/** Any of the parameters; which of them a generator takes is for `checkedParameters` to say. */
export const generatorParametersSchema = z.strictObject({
  images: within('images'),
  smallestLeaf: within('smallestLeaf'),
  deviation: within('deviation'),
  probability: within('probability'),
})
export type GeneratorParameters = z.infer<typeof generatorParametersSchema>

function within(name: GeneratorParameter['name']) {
  const { label, min, max, whole } = all.find((parameter) => parameter.name === name) as GeneratorParameter
  const sentence = `${label} must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`
  const number = z.number({ error: sentence }).min(min, sentence).max(max, sentence)
  return (whole ? number.int(sentence) : number).optional()
}

/** @throws LabError badInput where a parameter is another generator's */
export function checkedParameters(
  generator: GeneratorName,
  parameters: GeneratorParameters = {},
): GeneratorParameters {
  const own = new Set<string>(generatorParameters[generator].map(({ name }) => name))
  const foreign = Object.entries(parameters).find(([name, value]) => value !== undefined && !own.has(name))
  if (foreign === undefined) return parameters
  throw new LabError('badInput', `The generator ${generator} has no "${foreign[0]}". Leave it out.`)
}

/** What a generator would make, before normalisation. */
export interface GeneratorPreview {
  /** count × n, values in about [0, 1] */
  patches: Float32Array
  count: number
  /** The first image, smaller; null where there are only patches. */
  image: { width: number; height: number; rgba: Uint8Array } | null
}
