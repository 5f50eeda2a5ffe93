import { createHash } from 'node:crypto'
import type { Library } from '#db/library.ts'
import { getRun } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import { writeParts } from '../writeWhole.ts'
import { zipParts, type ZipFile } from '../zipParts.ts'
import { datasetBundleFiles, runBundleFiles, type BundleFile } from './bundleFiles.ts'
import { manifestName } from './fileNames.ts'
import {
  bundleFormat,
  bundleVersion,
  longestManifest,
  manifestSchema,
  mostRuns,
  type BundledDataset,
  type BundledRun,
  type Manifest,
  versionWithoutLabels,
} from './manifest.ts'

export interface BundleOptions {
  /**
   * The patches too, with the thumbnails of their images, where they were cut, and the checkpoints of runs that have
   * not finished: runs can be resumed elsewhere.
   */
  patches?: boolean
  signal?: AbortSignal
}

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
  return writeParts(file, zipParts(bundleFiles(library, runIds, options)), options.signal)
}

/** All files, of equal ones the first; the manifest comes last, since it holds the others' hashes. */
function* bundleFiles(
  library: Library,
  runIds: readonly number[],
  { patches = false }: BundleOptions,
): Generator<ZipFile> {
  if (runIds.length > mostRuns) throw tooMany()
  const files: Manifest['files'] = {}
  const known = new Set<string>()

  function* noted<T>(made: Generator<BundleFile, T>): Generator<ZipFile, T> {
    for (;;) {
      const { done, value } = made.next()
      if (done) return value
      const sha256 = createHash('sha256').update(value.bytes).digest('hex')
      files[value.name] = { sizeBytes: value.bytes.length, sha256 }
      if (!known.has(sha256)) yield value
      known.add(sha256)
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
    version: datasets.some(({ classes }) => classes !== null) ? bundleVersion : versionWithoutLabels,
    datasets,
    runs,
    files,
  })
  const bytes = Buffer.from(JSON.stringify(manifest))
  if (bytes.length > longestManifest) throw tooMany()
  yield { name: manifestName, bytes, deflated: true }
}

const tooMany = () =>
  new LabError(
    'badInput',
    `These are too many runs for one bundle, which holds at most ${mostRuns}. Write several with fewer runs each.`,
  )
