import type { RunSummary } from '#shared/domain/run.ts'
import { activeShare } from '#shared/model/cost.ts'
import { timeLabel } from '../../charts/axisLabel.ts'
import type { ParallelColumn } from '../../charts/parallelAxis.ts'
import { formatCost, formatCount, formatPlain, formatRhoHat, formatScientific } from '../../format/number.ts'
import { activationNames, decoderName, engineOfRun, optimiserNames } from '../../format/run.ts'

/** A setting or a result of a run, as charts over many runs take it. */
export interface RunQuantity {
  id: string
  name: string
  /** Letter that stands for it on an axis. */
  symbol?: string
  kind: 'setting' | 'result'
  scale: 'linear' | 'log'
  /** Where there is no room for all, those with the largest number go first. */
  givesWay: number
  /** null where a run has none, or has none yet. */
  of: (run: RunSummary) => number | string | null
  format?: (value: number) => string
}

const setting = (quantity: Omit<RunQuantity, 'kind'>): RunQuantity => ({ ...quantity, kind: 'setting' })
const result = (quantity: Omit<RunQuantity, 'kind'>): RunQuantity => ({ ...quantity, kind: 'result' })
const miniBatch = ({ config }: RunSummary): boolean => config.optimiser !== 'lbfgs'

const settings: readonly RunQuantity[] = [
  setting({ id: 'dataset', name: 'Dataset', givesWay: 7, scale: 'linear', of: (run) => run.datasetName }),
  setting({
    id: 'hidden',
    name: 'Hidden units',
    givesWay: 0,
    scale: 'log',
    of: ({ config }) => config.hidden,
    format: (value) => formatCount(Math.round(value)),
  }),
  setting({
    id: 'activation',
    name: 'Activation',
    givesWay: 10,
    scale: 'linear',
    of: ({ config }) => activationNames[config.activation],
  }),
  setting({
    id: 'decoder',
    name: 'Decoder',
    givesWay: 11,
    scale: 'linear',
    of: ({ config }) => decoderName(config.decoder, config.activation),
  }),
  setting({
    id: 'rho',
    name: 'Sparsity target ρ',
    givesWay: 0,
    symbol: 'ρ',
    scale: 'log',
    of: ({ config }) => (config.beta > 0 ? config.rho : null),
    format: short(formatPlain),
  }),
  setting({
    id: 'lambda',
    name: 'Weight decay λ',
    givesWay: 1,
    symbol: 'λ',
    scale: 'log',
    of: ({ config }) => config.lambda,
    format: short(formatScientific),
  }),
  setting({
    id: 'beta',
    name: 'Sparsity weight β',
    givesWay: 2,
    symbol: 'β',
    scale: 'linear',
    of: ({ config }) => config.beta,
    format: short(formatPlain),
  }),
  setting({
    id: 'optimiser',
    name: 'Optimiser',
    givesWay: 10,
    scale: 'linear',
    of: ({ config }) => optimiserNames[config.optimiser],
  }),
  setting({
    id: 'iterations',
    name: 'Iterations',
    givesWay: 12,
    scale: 'log',
    of: ({ config }) => config.iterations,
    format: (value) => formatCount(Math.round(value)),
  }),
  setting({
    id: 'batch',
    name: 'Batch',
    givesWay: 11,
    scale: 'log',
    of: (run) => (miniBatch(run) ? run.config.batch : null),
    format: (value) => formatCount(Math.round(value)),
  }),
  setting({
    id: 'learningRate',
    name: 'Learning rate',
    givesWay: 9,
    scale: 'log',
    of: (run) => (miniBatch(run) ? run.config.learningRate : null),
    format: short(formatScientific),
  }),
  setting({ id: 'engine', name: 'Engine', givesWay: 13, scale: 'linear', of: engineOfRun }),
  setting({
    id: 'seed',
    name: 'Seed',
    givesWay: 8,
    scale: 'linear',
    of: ({ config }) => config.seed,
    format: (value) => String(Math.round(value)),
  }),
]

const results: readonly RunQuantity[] = [
  result({ id: 'cost', name: 'Cost', givesWay: 0, scale: 'log', of: (run) => run.cost, format: formatCost }),
  result({
    id: 'reconstruction',
    name: 'Reconstruction',
    givesWay: 4,
    scale: 'log',
    of: (run) => run.reconstruction,
    format: formatCost,
  }),
  result({
    id: 'sparsity',
    name: 'Sparsity',
    givesWay: 6,
    scale: 'linear',
    of: (run) => run.sparsity,
    format: formatCost,
  }),
  result({
    id: 'rhoHat',
    name: 'Average activation ρ̂, mean',
    givesWay: 1,
    symbol: 'ρ̂',
    scale: 'linear',
    of: (run) => (run.rhoHat === null ? null : activeShare(run.config.activation, run.rhoHat.mean)),
    format: formatRhoHat,
  }),
  result({
    id: 'dead',
    name: 'Dead units',
    givesWay: 3,
    scale: 'linear',
    of: (run) => run.deadUnits,
    format: (value) => formatCount(Math.round(value)),
  }),
  result({
    id: 'elapsed',
    name: 'Time',
    givesWay: 5,
    scale: 'log',
    of: (run) => (run.elapsedMs > 0 ? run.elapsedMs : null),
    format: (value) => timeLabel(Number(value.toPrecision(2))),
  }),
]

/** What runs are set to and what they reached, in the order in which axes show them. */
export const runQuantities: readonly RunQuantity[] = [...settings, ...results]

/** The column of each quantity over these runs, for parallel coordinates; values that are not finite are missing. */
export const runColumns = (runs: readonly RunSummary[], quantities = runQuantities): ParallelColumn[] =>
  quantities.map(({ id, name, symbol, scale, givesWay, of, format }) => ({
    id,
    name,
    symbol,
    scale,
    givesWay,
    format,
    values: runs.map((run) => finiteOrNull(of(run))),
  }))

const finiteOrNull = (value: number | string | null): number | string | null =>
  typeof value === 'number' && !Number.isFinite(value) ? null : value

/** Between two settings an axis has values with many figures: three of them say where. */
function short(format: (value: number) => string): (value: number) => string {
  return (value) => format(Number(value.toPrecision(3)))
}
