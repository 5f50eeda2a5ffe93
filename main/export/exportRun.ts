import type { Library } from '#db/library.ts'
import { normalisationOf, readWhitening } from '#db/queries/datasets.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { readRhoHats } from '#db/queries/rhoHats.ts'
import { getRun } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import type { ExportFormat } from '#shared/domain/exportRequest.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { RunDetail, Snapshot } from '#shared/domain/run.ts'
import { inPixels, type FilterSpace } from '#shared/filters/pixelFilters.ts'
import { filterPicture, formatPng } from './filterPng.ts'
import { formatWeightsNpz } from './npz.ts'
import { formatIterationsCsv, formatRhoHatCsv, formatWeightsCsv } from './weights/formatCsv.ts'
import { formatJson } from './weights/formatJson.ts'
import { formatMat } from './weights/formatMat.ts'
import { formatOnnx } from './weights/formatOnnx.ts'
import { formatSafetensors } from './weights/formatSafetensors.ts'
import { writeParts } from './writeWhole.ts'

/** What a table holds: the weights, the metrics of every iteration, or ρ̂ of every unit at every iteration. */
export const tableContents = ['weights', 'iterations', 'rhoHat'] as const
export type TableContent = (typeof tableContents)[number]

export interface ExportOptions {
  format: ExportFormat
  /** The snapshot nearest to and not after it; the newest where there is none given. */
  iteration?: number | null
  /** For `png`: filters over whitened patches as what they look for in pixels; by default as the weights are. */
  space?: FilterSpace
  /** For `csv`; by default the weights. */
  what?: TableContent
  file: string
  signal?: AbortSignal
}

/**
 * Writes a run's weights, its record or its filter grid in one of the formats of docs/formats.md, whole or not at all.
 * @returns the absolute path
 * @throws LabError notFound; badInput where there are no weights yet or the file cannot be written; diskFull
 */
export async function exportRun(library: Library, runId: number, options: ExportOptions): Promise<string> {
  const { format, iteration, what = 'weights', space = 'whitened', file, signal } = options
  const run = getRun(library, runId)
  if (what !== 'weights') return writeParts(file, formatTable(library, runId, format, what), signal)
  const snapshot = weightsAt(library, runId, iteration)
  if (space === 'pixels') {
    if (format !== 'png') {
      throw new LabError(
        'badUsage',
        `Only png draws filters; ${format} holds the weights as they are. Leave out the space.`,
      )
    }
    const filters = inPixels(snapshot.weights.W1, readWhitening(library, run.datasetId))
    return writeParts(file, [await formatPng(filterPicture(run, filters))], signal)
  }
  return writeParts(file, await writers[format](run, snapshot, library), signal)
}

type Parts = Iterable<Uint8Array>
type Writer = (run: RunDetail, snapshot: Snapshot, library: Library) => Parts | Promise<Parts>

const exported = ({ config, datasetId }: RunDetail, { weights, rhoHat }: Snapshot, library: Library) => ({
  weights,
  rhoHat,
  config,
  normalisation: normalisationOf(library, datasetId),
})

/** With what turns pixels into what these weights see. */
const whitened = (run: RunDetail, snapshot: Snapshot, library: Library) => ({
  ...exported(run, snapshot, library),
  whitening: readWhitening(library, run.datasetId),
})

const writers: Record<ExportFormat, Writer> = {
  npz: (run, snapshot, library) => [formatWeightsNpz(whitened(run, snapshot, library))],
  safetensors: (run, snapshot, library) => [formatSafetensors(exported(run, snapshot, library))],
  mat: (run, snapshot, library) => [formatMat(whitened(run, snapshot, library))],
  onnx: (run, snapshot, library) => [formatOnnx(exported(run, snapshot, library))],
  csv: (run, snapshot, library) => formatWeightsCsv(exported(run, snapshot, library)),
  json: (run, snapshot, library) =>
    formatJson(exported(run, snapshot, library), describeRun(run, snapshot), readSeries(library, run.id, -1)),
  png: async (run, { weights }) => [await formatPng(filterPicture(run, weights.W1))],
}

function formatTable(
  library: Library,
  runId: number,
  format: ExportFormat,
  what: Exclude<TableContent, 'weights'>,
): Parts {
  if (format !== 'csv') {
    throw new LabError('badUsage', `Only csv holds ${what} alone; ${format} has its own content. Choose csv.`)
  }
  return what === 'iterations'
    ? formatIterationsCsv(readSeries(library, runId, -1))
    : formatRhoHatCsv(readRhoHats(library, runId))
}

/** What a JSON export says of the run beside its settings. */
function describeRun(run: RunDetail, { iteration }: Snapshot): Record<string, unknown> {
  const { config: _, snapshots: __, hasCheckpoint: ___, checkpointIteration: ____, ...rest } = run
  return { ...rest, weightsAtIteration: iteration }
}

/** @throws LabError notFound, badInput */
export function weightsAt(library: Library, runId: number, iteration?: number | null): Snapshot {
  const snapshot = readSnapshot(library, runId, iteration ?? Number.MAX_SAFE_INTEGER)
  if (snapshot) return snapshot
  throw new LabError(
    'badInput',
    `Run ${runId} has no weights yet. Wait for its first iterations, or choose another run.`,
  )
}
