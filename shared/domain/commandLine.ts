import { flagOf, settingKeys } from '../settings/runSettings.ts'
import { findPreset } from './presets.ts'
import { defaultConfig, type RunConfig } from './runConfig.ts'
import type { InitialWeights } from './initialWeights.ts'
import type { RunDetail } from './run.ts'

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
  const settings = settingKeys.flatMap((key) =>
    run.config[key] === base[key] ? [] : [`--${flagOf(key)}`, String(run.config[key])],
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
