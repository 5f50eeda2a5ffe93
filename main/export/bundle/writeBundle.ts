import { createHash } from 'node:crypto'
import type { Library } from '#db/library.ts'
import { getRun } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import { writeParts } from '../writeWhole.ts'
import { datasetBundleFiles, runBundleFiles, type BundleFile } from './bundleFiles.ts'
import { manifestName } from './fileNames.ts'
import {
  bundleFormat,
  bundleVersion,
  manifestSchema,
  type BundledDataset,
  type BundledRun,
  type Manifest,
} from './manifest.ts'
import { zipParts, type ZipFile } from './zipParts.ts'

export interface BundleOptions {
  /**
   * The patches too, with the thumbnails of their images, where they were cut, and the checkpoints of runs that have
   * not finished: runs can be resumed elsewhere.
   */
  patches?: boolean
}

// What a ZIP archive without extensions can hold, and its directory.
const mostBytes = 2 ** 32 - 2 ** 26

/**
 * Writes runs with everything about them into one file (`.rholab`, docs/formats.md) that another Rho Lab opens.
 * @returns the absolute path
 * @throws LabError notFound; badInput where it would be too large or cannot be written; diskFull
 */
export async function writeBundle(
  library: Library,
  runIds: readonly number[],
  file: string,
  options: BundleOptions = {},
): Promise<string> {
  return writeParts(file, zipParts(bundleFiles(library, runIds, options)))
}

/** All files; the manifest comes last, since it holds the others' hashes. */
function* bundleFiles(
  library: Library,
  runIds: readonly number[],
  { patches = false }: BundleOptions,
): Generator<ZipFile> {
  const files: Manifest['files'] = {}
  let totalBytes = 0

  function* noted<T>(made: Generator<BundleFile, T>): Generator<ZipFile, T> {
    for (;;) {
      const { done, value } = made.next()
      if (done) return value
      totalBytes += value.bytes.length
      if (totalBytes > mostBytes) throw tooLarge(patches)
      files[value.name] = {
        sizeBytes: value.bytes.length,
        sha256: createHash('sha256').update(value.bytes).digest('hex'),
      }
      yield value
    }
  }

  const datasetIds = [...new Set(runIds.map((id) => getRun(library, id).datasetId))]
  const datasets: BundledDataset[] = []
  for (const [place, id] of datasetIds.entries()) {
    datasets.push(yield* noted(datasetBundleFiles(library, id, place, patches)))
  }
  const runs: BundledRun[] = []
  for (const [place, id] of runIds.entries()) {
    const dataset = datasetIds.indexOf(getRun(library, id).datasetId)
    const withCheckpoint = datasets[dataset].hasPatches
    runs.push(yield* noted(runBundleFiles(library, id, place, { dataset, withCheckpoint })))
  }
  // What would be refused when it is opened must not be written.
  const manifest = manifestSchema.parse({
    format: bundleFormat,
    version: bundleVersion,
    datasets,
    runs,
    files,
  })
  yield { name: manifestName, bytes: Buffer.from(JSON.stringify(manifest)), deflated: true }
}

const tooLarge = (patches: boolean) =>
  new LabError(
    'badInput',
    `The bundle would be larger than 4 GB. ${patches ? 'Leave the patches out, or take' : 'Take'} fewer runs.`,
  )
