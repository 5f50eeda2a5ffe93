import {
  wordParameters,
  type AxisValues,
  type SettingValue,
  type SweepAxis,
  type SweepParameter,
} from '#shared/domain/sweep.ts'
import { activations, decoders, isWholeSetting, optimisers } from '#shared/domain/runConfig.ts'
import type { DatasetSummary } from '#shared/domain/dataset.ts'
import { readList } from '#shared/numbers/typedNumber.ts'
import { notation } from '../../format/notation.ts'
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

const wordsOf: Partial<Record<SweepParameter, readonly string[]>> = {
  activation: activations,
  decoder: decoders,
  optimiser: optimisers,
}
export const isWord = (parameter: SweepParameter): boolean =>
  (wordParameters as readonly SweepParameter[]).includes(parameter)

/** What is tried first of a setting: all words, or values around those of the presets. */
const proposals: Record<SweepParameter, Omit<AxisDraft, 'parameter'>> = {
  dataset: { kind: 'list', list: '', from: '', to: '', steps: '' },
  hidden: { kind: 'list', list: '25, 50, 100', from: '25', to: '100', steps: '4' },
  rho: { kind: 'list', list: '0.01, 0.03, 0.1', from: '0.01', to: '0.1', steps: '3' },
  lambda: { kind: 'log', list: '0.0001, 0.001', from: '0.00001', to: '0.001', steps: '3' },
  beta: { kind: 'list', list: '0.3, 1, 3, 10', from: '0.3', to: '10', steps: '4' },
  iterations: { kind: 'list', list: '100, 400', from: '100', to: '400', steps: '4' },
  batch: { kind: 'list', list: '64, 256, 1024', from: '64', to: '1024', steps: '3' },
  learningRate: { kind: 'log', list: '0.001, 0.01', from: '0.0001', to: '0.01', steps: '3' },
  momentum: { kind: 'list', list: '0, 0.5, 0.9', from: '0', to: '0.9', steps: '3' },
  seed: { kind: 'list', list: '1, 2, 3', from: '1', to: '3', steps: '3' },
  activation: { kind: 'list', list: activations.join(', '), from: '', to: '', steps: '' },
  decoder: { kind: 'list', list: decoders.join(', '), from: '', to: '', steps: '' },
  optimiser: { kind: 'list', list: optimisers.join(', '), from: '', to: '', steps: '' },
}

/** @param datasets  all there are, newest first; @param chosen  the one in the form */
export function proposeAxis(
  parameter: SweepParameter,
  datasets: readonly Pick<DatasetSummary, 'id' | 'visible'>[] = [],
  chosen: number | null = null,
): AxisDraft {
  if (parameter !== 'dataset') return { parameter, ...proposals[parameter] }
  // Errors compare between patches of one size.
  const first = datasets.find(({ id }) => id === chosen) ?? datasets[0]
  const alike = datasets.filter((other) => other !== first && other.visible === first.visible)
  return {
    parameter,
    ...proposals.dataset,
    list: writeDatasetIds([first, ...alike].slice(0, 2).map(({ id }) => id)),
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
  if (isWord(parameter)) {
    const parts = written.split(/[,;]/).map((part) => part.trim())
    return parts
      .filter(Boolean)
      .map((part) => wordsOf[parameter]!.find((word) => word === part.toLowerCase()) ?? part)
  }
  if (parameter === 'dataset') return datasetIds(written)
  const { values, problem } = readList(written, notation, isWholeSetting(parameter))
  if (problem !== null) throw new Error(problem)
  return values
}

/** @throws Error, one sentence, where a number could be another */
export function readAxis({ parameter, kind, list, from, to, steps }: AxisDraft): SweepAxis {
  if (kind === 'list' || isWord(parameter)) {
    return { parameter, values: { kind: 'list', values: valuesOf(parameter, list) } }
  }
  const isCount = isWholeSetting(parameter)
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
