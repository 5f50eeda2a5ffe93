import { z } from 'zod'
import { generatorNames, samplingSchema } from './dataset.ts'
import { generatorParametersSchema } from './generators.ts'

/** Files of arrays as people know them. */
export const arrayKinds = '.npy, .npz, .mat, HDF5 (.h5), .safetensors, IDX, CIFAR’s .bin, CSV'

export const arrayExtensions = [
  'npy',
  'npz',
  'mat',
  'h5',
  'hdf5',
  'safetensors',
  'bin',
  'csv',
  'tsv',
  'txt',
  'dat',
  'gz',
  'idx',
]

/** How the pixels of a row lie: row by row with the channels of each together, or in planes, row or column by column. */
export const pixelOrders = ['interleaved', 'planes', 'columns'] as const
export type PixelOrder = (typeof pixelOrders)[number]

/** Which array of a file is meant, and how its patches lie in it. What is left out is decided by what is there. */
export const arrayChoiceSchema = z.strictObject({
  /** Name in a file of several; the only one, or the one that images are known by, where left out. */
  array: z.string().max(200).optional(),
  /** Each column is a patch, as MATLAB users keep them, not each row. */
  columns: z.boolean().optional(),
  order: z.enum(pixelOrders).optional(),
  /** Each image of a stack is a patch, whole, or patches are cut from it. */
  whole: z.boolean().optional(),
  /** So many rows are drawn; all where left out, or as many as can be held. */
  rows: z.number().int().min(1).optional(),
  /** What values are divided by. */
  scale: z.number().positive().optional(),
  /** Of a table: name or number (from 1) of the column with the class of each row; "none" for none. */
  labelColumn: z.string().max(200).optional(),
  /** Of a table: names or numbers of columns that are no values; "none" where none is left out unasked. */
  dropColumns: z.array(z.string().max(200)).max(10_000).optional(),
  /** As files were read before there was a choice: nothing is decided by what is there. */
  plain: z.boolean().optional(),
})
export type ArrayChoice = z.infer<typeof arrayChoiceSchema>

/** Where the labels of rows or images come from: a file, or for images the folder that each lies in. */
const labelSource = { labels: z.string().optional() }

/** Where a dataset comes from. */
export const datasetSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('folder'),
    path: z.string(),
    ...labelSource,
    labelsFromFolders: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('array'), path: z.string(), ...labelSource, ...arrayChoiceSchema.shape }),
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

/** A column of a table, and what it is taken for. */
export interface TableColumn {
  /** null where the table names none. */
  name: string | null
  use: 'value' | 'label' | 'dropped'
  /** True and false, read as 1 and 0. */
  isBoolean: boolean
}

/** A table as it is seen before it is read. */
export interface TableLook {
  columns: TableColumn[]
  /** The first ones, as they are written. */
  rows: string[][]
  hasHeader: boolean
  remarks: string[]
}

/** A file of arrays as it is seen before it is read. */
export interface FileLook {
  /** The arrays to choose from; none where the file holds one only. */
  arrays: ArrayEntry[]
  /** Of the only one; null where one is to be chosen. */
  use: 'patches' | 'images' | null
  /** Of the only one. */
  shape: number[] | null
  /** Whether images are taken whole where nobody says otherwise. */
  isWhole: boolean
  /** null for what is no table. */
  table: TableLook | null
}
