import { findPreset } from './presets.ts'
import { defaultConfig, type RunConfig } from './runConfig.ts'
import type { InitialWeights } from './initialWeights.ts'
import type { RunDetail } from './run.ts'

/** The option of `lab train` for each setting of a run. */
export const trainOptionNames: Record<keyof RunConfig, string> = {
  hidden: 'hidden',
  activation: 'activation',
  decoder: 'decoder',
  rho: 'rho',
  lambda: 'lambda',
  beta: 'beta',
  optimiser: 'optimizer',
  iterations: 'iterations',
  history: 'history',
  gradientTolerance: 'gradient-tolerance',
  batch: 'batch',
  learningRate: 'learning-rate',
  schedule: 'schedule',
  decayEvery: 'decay-every',
  decayFactor: 'decay-factor',
  finalShare: 'final-share',
  momentum: 'momentum',
  rhoHatDecay: 'rho-hat-decay',
  validation: 'validation',
  engine: 'engine',
  seed: 'seed',
  streams: 'streams',
}

/** As one word of a shell: quoted where it must be. */
function quoted(word: string): string {
  if (/^[\w./:@%+,=-]+$/.test(word)) return word
  // Double quotes are understood by every shell, but not what some of them still read inside.
  return /["$`\\!%]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`
}

function initialOptions(initial: InitialWeights | null): string[] {
  if (initial === null) return []
  if (initial.kind === 'file') return [`--init=${initial.file}`]
  return [`--init-run=${initial.runId}`, `--init-iteration=${initial.iteration}`]
}

/**
 * The command that trains a run anew: the same data, settings and seed; only what differs from the defaults (or the
 * preset's) is said. The dataset is named by its id, which means the same library.
 */
export function trainCommandLine(
  run: Pick<RunDetail, 'datasetId' | 'config' | 'preset' | 'name' | 'tags' | 'initialWeights'>,
): string {
  const preset = run.preset === null ? undefined : findPreset(run.preset)
  const base: RunConfig = { ...defaultConfig, ...preset?.config }
  const settings = (Object.keys(trainOptionNames) as (keyof RunConfig)[]).flatMap((key) =>
    run.config[key] === base[key] ? [] : [`--${trainOptionNames[key]}`, String(run.config[key])],
  )
  const words = [
    ...['--dataset', String(run.datasetId)],
    ...(preset ? ['--preset', preset.id] : []),
    ...settings,
    ...initialOptions(run.initialWeights),
    // After "=", so that a name may begin with a dash.
    `--name=${run.name}`,
    ...run.tags.map((tag) => `--tag=${tag}`),
  ]
  return ['lab', 'train', ...words.map(quoted)].join(' ')
}
