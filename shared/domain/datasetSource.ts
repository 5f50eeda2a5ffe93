import { z } from 'zod'
import { generatorNames, samplingSchema } from './dataset.ts'
import { generatorParametersSchema } from './generators.ts'

/** Which array of a file is meant, and how its patches lie in it. */
export const arrayChoiceSchema = z.strictObject({
  /** Name in a `.npz` or `.mat`; the only one, or the one that images are known by, where left out. */
  array: z.string().max(200).optional(),
  /** Each column is a patch, as MATLAB users keep them, not each row. */
  columns: z.boolean().optional(),
})
export type ArrayChoice = z.infer<typeof arrayChoiceSchema>

/** Where a dataset comes from. */
export const datasetSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), path: z.string() }),
  z.strictObject({ kind: z.literal('array'), path: z.string(), ...arrayChoiceSchema.shape }),
  z.strictObject({
    kind: z.literal('generate'),
    generator: z.enum(generatorNames),
    parameters: generatorParametersSchema.optional(),
  }),
])
export type DatasetSource = z.infer<typeof datasetSourceSchema>

/** All that is needed to make the same dataset again: the same images, sampling and seed give the same bytes. */
export const datasetRecipeSchema = z.strictObject({ source: datasetSourceSchema, sampling: samplingSchema })
export type DatasetRecipe = z.infer<typeof datasetRecipeSchema>

/** An array in a file, as a picker shows it. */
export interface ArrayEntry {
  name: string
  shape: number[]
  /** e.g. "float64", "uint8" */
  type: string
  /** As a matrix of patches, as a stack of images to sample, or not at all. */
  use: 'patches' | 'images' | null
}
