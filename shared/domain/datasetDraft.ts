import type { DatasetKind, DatasetStatistics, Normalisation, SkippedFile } from './dataset.ts'
import type { ArrayChoice, DatasetRecipe } from './datasetSource.ts'
import type { Labels } from './labels.ts'

/** One source image as the import saw it. */
export interface DraftImage {
  /** Path relative to the imported folder. */
  file: string
  width: number
  height: number
  /** Patches sampled from it. */
  patches: number
  /** RGBA bytes, row-major, at most 320 px wide. */
  thumbnail: { width: number; height: number; rgba: Uint8Array }
}

/** Everything about a dataset before it is stored: what importing, reading an array or generating ends with. */
export interface DatasetDraft {
  name: string
  kind: DatasetKind
  /** Folder or file it came from, or the generator with its parameters. */
  origin: string
  /** m × n row-major, normalised. */
  patches: Float32Array
  m: number
  n: number
  /** null where n is not patchSize² · channels */
  patchSize: number | null
  channels: 1 | 3
  normalisation: Normalisation
  seed: number
  statistics: DatasetStatistics
  skippedFiles: SkippedFile[]
  images: DraftImage[]
  /** m × 3: image index, x, y of each patch's upper left pixel; null where patches have no image. */
  positions: Int32Array | null
  /** The first patches, k × n, before (null for arrays) and after normalisation. */
  preview: { count: number; before: Float32Array | null; after: Float32Array }
  /**
   * n × n row-major whitening matrix M (`zca` and `pca`): patch = (x − mean) · M, with the mean of each value that
   * the statistics hold, or where they hold none the patch's own. What a hidden unit looks for in pixels:
   * shared/filters/pixelFilters.ts.
   */
  whitening: Float32Array | null
  /** How it can be made again; left out where that is not known. */
  recipe?: DatasetRecipe
  /** Id of the dataset that it was derived from. */
  derivedFrom?: number
  /** Class of each patch; null or left out where nothing says so. */
  labels?: Labels | null
  /** Names of the values, where their file has some. */
  columnNames?: string[] | null
  /** What was found and done on importing, in sentences. */
  remarks?: string[]
  /** What was decided where nothing was asked for; goes into the recipe. */
  resolved?: Partial<ArrayChoice>
}
