import type { AxisValues, SweepAxis, SweepParameter } from '#shared/domain/sweep.ts'
import type { DatasetSummary } from '#shared/domain/dataset.ts'
import { readList } from '#shared/numbers/typedNumber.ts'
import { isWhole, settingOf, type SettingKey, type SettingValue } from '#shared/settings/runSettings.ts'
import { choicesOf } from '#shared/settings/setting.ts'
import { notation } from '../../format/notation.ts'
import { formatField } from '../../format/number.ts'
import { certainNumber } from '../form/parseNumber.ts'

/** An axis as it is written: numbers are text until they are read. */
export interface AxisDraft {
  parameter: SweepParameter
  kind: AxisValues['kind']
  list: string
  from: string
  to: string
  steps: string
}

/** Words and datasets have none. */
export const hasRange = (parameter: SweepParameter): boolean =>
  parameter !== 'dataset' && settingOf(parameter).kind !== 'choice'

function wordsOf(parameter: SweepParameter): readonly string[] | null {
  const setting = parameter === 'dataset' ? null : settingOf(parameter)
  return setting?.kind === 'choice' ? choicesOf(setting) : null
}

/** What is tried first of a setting: all words, or values around those of the presets. */
function proposal(key: SettingKey): Omit<AxisDraft, 'parameter'> {
  const setting = settingOf(key)
  if (setting.kind === 'choice' || setting.trial === null) {
    return { kind: 'list', list: (wordsOf(key) ?? [setting.default]).join(', '), from: '', to: '', steps: '' }
  }
  const { values, from, to, steps, isLog } = setting.trial
  return {
    kind: isLog ? 'log' : 'list',
    list: values.map(formatField).join(', '),
    from: formatField(from),
    to: formatField(to),
    steps: String(steps),
  }
}

/** @param datasets  all there are, newest first; @param chosen  the one in the form */
export function proposeAxis(
  parameter: SweepParameter,
  datasets: readonly Pick<DatasetSummary, 'id' | 'visible'>[] = [],
  chosen: number | null = null,
): AxisDraft {
  if (parameter !== 'dataset') return { parameter, ...proposal(parameter) }
  // Errors compare between patches of one size.
  const first = datasets.find(({ id }) => id === chosen) ?? datasets[0]
  const alike = datasets.filter((other) => other !== first && other.visible === first.visible)
  return {
    parameter,
    kind: 'list',
    list: writeDatasetIds([first, ...alike].slice(0, 2).map(({ id }) => id)),
    from: '',
    to: '',
    steps: '',
  }
}

export const writeDatasetIds = (ids: readonly number[]): string => ids.join(', ')

export const datasetIds = (list: string): number[] =>
  list
    .split(',')
    .map((part) => Number.parseInt(part, 10))
    .filter((id) => !Number.isNaN(id))

/** @throws Error where the values could be others */
function valuesOf(parameter: SweepParameter, written: string): SettingValue[] {
  const words = wordsOf(parameter)
  if (words) {
    const parts = written.split(/[,;]/).map((part) => part.trim())
    return parts.filter(Boolean).map((part) => words.find((word) => word === part.toLowerCase()) ?? part)
  }
  if (parameter === 'dataset') return datasetIds(written)
  const { values, problem } = readList(written, notation, isWhole(parameter))
  if (problem !== null) throw new Error(problem)
  return values
}

/** @throws Error, one sentence, where a number could be another */
export function readAxis({ parameter, kind, list, from, to, steps }: AxisDraft): SweepAxis {
  if (kind === 'list' || !hasRange(parameter)) {
    return { parameter, values: { kind: 'list', values: valuesOf(parameter, list) } }
  }
  const isCount = isWhole(parameter)
  return {
    parameter,
    values: {
      kind,
      from: certainNumber(from, isCount),
      to: certainNumber(to, isCount),
      steps: certainNumber(steps, true),
    },
  }
}
