import { z } from 'zod'
import { filterSpaces } from '../filters/pixelFilters.ts'

/** Formats of one run's weights; each is the file's ending too. */
export const exportFormats = ['npz', 'safetensors', 'mat', 'onnx', 'csv', 'json', 'png'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** All that runs can be written as: their weights, a bundle, a report, or into the folder of another tool. */
export const exportKinds = [...exportFormats, 'rholab', 'html', 'tensorboard', 'mlflow'] as const
export type ExportKind = (typeof exportKinds)[number]

/** What a kind is, for dialogs. */
export const exportKindNames: Record<ExportKind, string> = {
  npz: 'NumPy (.npz)',
  safetensors: 'PyTorch (.safetensors)',
  mat: 'MATLAB (.mat)',
  onnx: 'ONNX model (.onnx)',
  csv: 'Table (.csv)',
  json: 'JSON (.json)',
  png: 'Filter grid (.png)',
  rholab: 'Bundle (.rholab)',
  html: 'Report (.html)',
  tensorboard: 'TensorBoard',
  mlflow: 'MLflow',
}

export const exportRequestSchema = z.strictObject({
  /** Each once. */
  runIds: z
    .array(z.number().int().min(1))
    .min(1)
    .max(10_000)
    .refine((ids) => new Set(ids).size === ids.length, 'names a run twice'),
  kind: z.enum(exportKinds),
  /** The snapshot nearest to and not after it; null for the newest. Of the formats of weights alone. */
  iteration: z.number().int().min(0).nullable(),
  /** Whether a bundle holds the patches. */
  patches: z.boolean(),
  /** Of filters over whitened patches, where they are drawn. */
  space: z.enum(filterSpaces),
})

/** What to write of which runs; where is asked in a dialog. */
export type ExportRequest = z.infer<typeof exportRequestSchema>

export const isExportFormat = (kind: ExportKind): kind is ExportFormat =>
  (exportFormats as readonly string[]).includes(kind)

/** Whether it goes into a folder: what other tools keep in one, and the weights of several runs. */
export const isFolderExport = ({ kind, runIds }: Pick<ExportRequest, 'kind' | 'runIds'>): boolean =>
  kind === 'tensorboard' || kind === 'mlflow' || (isExportFormat(kind) && runIds.length > 1)
