import { isExportFormat, type ExportFormat, type ExportKind } from '#shared/domain/exportRequest.ts'
import type { RunDetail, RunSummary } from '#shared/domain/run.ts'
import { mlflowServerCommand } from '#shared/domain/mlflowServer.ts'
import { filterGrid } from '#shared/filters/filterGrid.ts'

/** A thing in the file: an array with its shape, or what else it is. */
export interface ContentRow {
  name: string
  what: string
}

export interface ExportContents {
  rows: ContentRow[]
  /** About, of all files together; null where it depends on too much. */
  sizeBytes: number | null
}

export interface ContentOptions {
  patches: boolean
  /** Of runs that have been looked up; a bundle's size needs them all. */
  details: ReadonlyMap<number, RunDetail>
  /** Whether a dataset's patches are whitened: filters over them are drawn in pixels too. */
  isWhitened: (datasetId: number) => boolean
}

/** Quantities of an iteration. */
const metricCount = 17
/** Characters that a number, or a line, takes on average. */
const digits = { float32: 12, csvLine: 21, metric: 18 }

/** What will be in an export, with the runs' own numbers; letters where they differ. */
export function exportContents(
  kind: ExportKind,
  runs: readonly RunSummary[],
  { patches, details, isWhitened }: ContentOptions,
): ExportContents {
  if (runs.length === 0) return { rows: [], sizeBytes: null }
  const picturesOf: PicturesOf = ({ datasetId }) => (isWhitened(datasetId) ? 2 : 1)
  const whitened = runs.some((run) => picturesOf(run) === 2)
  const rows = rowsOf(kind, shapeText(runs), runs, { patches, whitened })
  if (kind === 'rholab') return { rows, sizeBytes: bundleBytes(runs, patches, details) }
  if (isExportFormat(kind)) return { rows, sizeBytes: sumOf(runs, weightBytes[kind]) }
  if (kind === 'tensorboard') return { rows, sizeBytes: tensorboardBytes(runs, details, picturesOf) }
  const bytesOf = (run: RunSummary) => mlflowBytes(run, picturesOf)
  return { rows, sizeBytes: kind === 'html' ? reportBytes(runs) : emptyStoreBytes + sumOf(runs, bytesOf) }
}

/** Drawings of the same filters. */
type PicturesOf = (run: RunSummary) => 1 | 2

interface ShapeText {
  h: string
  n: string
}

function shapeText(runs: readonly RunSummary[]): ShapeText {
  const same = (value: (run: RunSummary) => number): string | null =>
    runs.every((run) => value(run) === value(runs[0])) ? String(value(runs[0])) : null
  return { h: same(({ config }) => config.hidden) ?? 'h', n: same(({ visible }) => visible) ?? 'n' }
}

function rowsOf(
  kind: ExportKind,
  { h, n }: ShapeText,
  runs: readonly RunSummary[],
  { patches, whitened }: { patches: boolean; whitened: boolean },
): ContentRow[] {
  const row = (name: string, what: string): ContentRow => ({ name, what })
  const settings = row('config', 'settings, as JSON')
  const arrays = (type: string, vector = (length: string) => length): ContentRow[] => [
    row('W1', `${h} × ${n} ${type}`),
    row('b1', `${vector(h)} ${type}`),
    row('W2', `${n} × ${h} ${type}`),
    row('b2', `${vector(n)} ${type}`),
  ]
  const scalars = row('Scalars', 'cost and its parts, mean ρ̂, gradient norm, step length')
  switch (kind) {
    case 'npz':
      return [...arrays('float32'), row('rhoHat', `${h} float32`), settings]
    case 'mat':
      return [
        ...arrays('double', (length) => `${length} × 1`),
        row('rhoHat', `${h} × 1 double`),
        row('config', 'settings, for jsondecode'),
      ]
    case 'safetensors':
      return [
        row('encoder.weight', `${h} × ${n} F32`),
        row('encoder.bias', `${h} F32`),
        row('decoder.weight', `${n} × ${h} F32`),
        row('decoder.bias', `${n} F32`),
        row('metadata', 'config, rhoHat'),
      ]
    case 'onnx':
      return [
        row('patches', `input, batch × ${n} float32`),
        row('reconstruction', `output, batch × ${n} float32`),
        row('activations', `output, batch × ${h} float32`),
        ...arrays('float32'),
      ]
    case 'csv':
      return [row('Columns', 'array, row, column, value'), row('Lines', 'one a weight of W1, b1, W2, b2')]
    case 'json':
      return [
        row('config', 'settings'),
        row('metrics', 'a column a quantity'),
        row('rhoHat', h),
        row('weights', `W1 ${h} × ${n}, b1 ${h}, W2 ${n} × ${h}, b2 ${n}`),
        row('run', 'name, dataset, engine, times'),
      ]
    case 'png':
      return [row('Picture', pictureText(runs))]
    case 'rholab':
      return [
        row('Settings', 'with notes, tags, engine and machine'),
        row('Record', `every iteration, ρ̂ of ${h} hidden units`),
        row('Snapshots', `all, W1 ${h} × ${n}, b1, W2, b2`),
        row('Datasets', patches ? 'with all patches' : 'a card and 192 patches'),
        ...(patches ? [row('Checkpoints', 'of runs that have not finished')] : []),
      ]
    case 'html':
      return [
        row('Results', 'cost, ρ̂, dead units, time'),
        row('Curves', runs.length > 1 ? 'compared' : 'cost and its parts, ρ̂'),
        row('Filters', 'of the newest weights'),
        row('Settings', runs.length > 1 ? 'what differs first' : 'all, with data and machine'),
      ]
    case 'tensorboard':
      return [
        scalars,
        row('Histogram', `ρ̂ of ${h} hidden units`),
        row('Images', `filters of every snapshot${whitened ? ', in pixels and whitened' : ''}`),
      ]
    case 'mlflow':
      return [
        row('Parameters', 'settings, dataset'),
        scalars,
        row('Artifacts', `weights.npz, filters${whitened ? ' in pixels and whitened, .png' : '.png'}`),
        row('Experiment', 'Rho Lab, made where it is missing'),
        row('To open', `in the folder: ${mlflowServerCommand}`),
      ]
  }
}

function pictureText(runs: readonly RunSummary[]): string {
  const [{ patchSize, config }] = runs
  if (runs.length > 1) return 'the filter grid of each run'
  if (patchSize === null) return 'none: these are no square patches'
  const { columns, rows } = filterGrid(config.hidden, patchSize)
  return `${config.hidden} filters of ${patchSize} × ${patchSize}, ${columns} × ${rows}`
}

const parametersOf = ({ visible: n, config: { hidden: h } }: RunSummary): number => 2 * h * n + h + n
const settingsBytes = ({ config }: RunSummary): number => JSON.stringify(config).length

/** A file of one run, without what is the same in every one. */
const weightBytes: Record<ExportFormat, (run: RunSummary) => number> = {
  // Texts in NumPy take four bytes a character.
  npz: (run) => 4 * (parametersOf(run) + run.config.hidden) + 4 * settingsBytes(run) + 1_600,
  safetensors: (run) => 4 * parametersOf(run) + 20 * run.config.hidden + settingsBytes(run) + 400,
  mat: (run) => 8 * (parametersOf(run) + run.config.hidden) + 2 * settingsBytes(run) + 500,
  onnx: (run) => 4 * parametersOf(run) + 20 * run.config.hidden + settingsBytes(run) + 900,
  csv: (run) => digits.csvLine * parametersOf(run),
  json: (run) =>
    digits.float32 * (parametersOf(run) + run.config.hidden) +
    digits.metric * metricCount * run.iterations +
    settingsBytes(run),
  // Every pixel of a filter is a square in the picture, which packs well.
  png: ({ patchSize, config }) => (patchSize === null ? 0 : 5.5 * config.hidden * patchSize ** 2 + 500),
}

const sumOf = (runs: readonly RunSummary[], bytesOf: (run: RunSummary) => number): number =>
  runs.reduce((sum, run) => sum + bytesOf(run), 0)

/** Pictures stand in it as text, four characters for three bytes; curves have a point an iteration. */
const reportBytes = (runs: readonly RunSummary[]): number =>
  12_000 + sumOf(runs, (run) => (4 / 3) * weightBytes.png(run) + 80 * run.iterations)

/** One line a metric and iteration, and the artifacts. */
/** Ten quantities in a table and its two indexes. */
const mlflowBytesPerIteration = 2_750
/** A store that holds nothing yet: a page for each table and index. */
const emptyStoreBytes = 131_072
const mlflowBytes = (run: RunSummary, picturesOf: PicturesOf): number =>
  mlflowBytesPerIteration * run.iterations + weightBytes.npz(run) + picturesOf(run) * weightBytes.png(run)

/** One event a metric and iteration, and its pictures a snapshot. */
function tensorboardBytes(
  runs: readonly RunSummary[],
  details: ReadonlyMap<number, RunDetail>,
  picturesOf: PicturesOf,
): number | null {
  if (runs.some(({ id }) => !details.has(id))) return null
  return sumOf(runs, (run) => {
    const pictures = picturesOf(run) * (details.get(run.id)?.snapshots.length ?? 0)
    return 750 * run.iterations + weightBytes.png(run) * pictures
  })
}

function bundleBytes(
  runs: readonly RunSummary[],
  patches: boolean,
  details: ReadonlyMap<number, RunDetail>,
): number | null {
  let sizeBytes = 0
  const seen = new Set<number>()
  for (const run of runs) {
    const detail = details.get(run.id)
    if (!detail) return null
    const h = run.config.hidden
    sizeBytes += 4 * (parametersOf(run) + h) * (detail.snapshots.length + 1)
    sizeBytes += (8 * metricCount + 4 * h + 8) * run.iterations
    if (seen.has(run.datasetId)) continue
    seen.add(run.datasetId)
    sizeBytes += 2 * 4 * 192 * run.visible
    if (patches) sizeBytes += (4 * run.visible + 12) * detail.datasetPatches
  }
  return sizeBytes
}
