import type { RunSummary } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import type { SymbolName } from '../../components/symbols.ts'
import { formatCount, formatPatchSize, formatPlain, formatScientific, noValue } from '../../format/number.ts'
import { activationNames, decoderName, engineOfRun, optimiserNames } from '../../format/run.ts'

/** One setting of several runs, in their order. */
export interface SettingRow {
  name: string
  symbol?: SymbolName
  values: string[]
  /** Which differ from the first run. */
  differs: boolean[]
}

interface Setting {
  name: string
  symbol?: SymbolName
  of: (run: RunSummary) => string
}

const miniBatch = (config: RunConfig): boolean => config.optimiser !== 'lbfgs'
const only = (applies: boolean, value: string): string => (applies ? value : noValue)

const settings: readonly Setting[] = [
  { name: 'Dataset', of: (run) => run.datasetName },
  {
    name: 'Patch',
    of: (run) =>
      run.patchSize === null ? `${run.visible} values` : formatPatchSize(run.patchSize, run.channels),
  },
  { name: 'Hidden units', of: ({ config }) => formatCount(config.hidden) },
  { name: 'Activation', of: ({ config }) => activationNames[config.activation] },
  { name: 'Decoder', of: ({ config }) => decoderName(config.decoder, config.activation) },
  { name: 'Sparsity target', symbol: 'rho', of: ({ config }) => formatPlain(config.rho) },
  { name: 'Weight decay', symbol: 'lambda', of: ({ config }) => formatScientific(config.lambda) },
  { name: 'Sparsity weight', symbol: 'beta', of: ({ config }) => formatPlain(config.beta) },
  { name: 'Optimiser', of: ({ config }) => optimiserNames[config.optimiser] },
  { name: 'Iterations', of: ({ config }) => formatCount(config.iterations) },
  { name: 'History', of: ({ config }) => only(!miniBatch(config), formatCount(config.history)) },
  {
    name: 'Gradient tolerance',
    of: ({ config }) => only(!miniBatch(config), formatScientific(config.gradientTolerance)),
  },
  { name: 'Batch', of: ({ config }) => only(miniBatch(config), formatCount(config.batch)) },
  {
    name: 'Learning rate',
    of: ({ config }) => only(miniBatch(config), formatScientific(config.learningRate)),
  },
  { name: 'Momentum', of: ({ config }) => only(config.optimiser === 'sgd', formatPlain(config.momentum)) },
  {
    name: 'Decay of',
    symbol: 'rhoHat',
    of: ({ config }) => only(miniBatch(config), formatPlain(config.rhoHatDecay)),
  },
  { name: 'Engine', of: engineOfRun },
  { name: 'Seed', of: ({ config }) => String(config.seed) },
  { name: 'Streams of the seed', of: ({ config }) => config.streams },
]

/** The settings of several runs, those that differ and those that are the same; what none of them uses is left out. */
export function compareSettings(runs: readonly RunSummary[]): {
  differing: SettingRow[]
  same: SettingRow[]
} {
  const rows = settings
    .map(({ name, symbol, of }) => {
      const values = runs.map(of)
      return { name, symbol, values, differs: values.map((value) => value !== values[0]) }
    })
    .filter(({ values }) => values.some((value) => value !== noValue))
  return {
    differing: rows.filter(({ differs }) => differs.some(Boolean)),
    same: rows.filter(({ differs }) => !differs.some(Boolean)),
  }
}
