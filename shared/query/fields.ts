import { isUnderWay, type RunSummary } from '../domain/run.ts'
import { columnOf, usedValue } from '../domain/usedSettings.ts'
import { isWhole, settingKeys, settingOf, valueText } from '../settings/runSettings.ts'

/** A number of a run that a query can compare, null where the run has none yet. */
type NumberOf = (run: RunSummary) => number | null

/** Words of a run that a query can look for; a term matches if any of them does. */
type WordsOf = (run: RunSummary) => readonly string[]

const settingFields = settingKeys.map((key) => ({ field: columnOf(key).toLowerCase(), key }))
const numberSettings = settingFields.filter(({ key }) => settingOf(key).kind !== 'choice')
const wholeSettings = numberSettings.filter(({ key }) => isWhole(key)).map(({ field }) => field)
const wordSettings = settingFields.filter(({ key }) => settingOf(key).kind === 'choice')

export const numberFields: Readonly<Record<string, NumberOf>> = {
  id: (run) => run.id,
  sweep: (run) => run.sweepId,
  ...Object.fromEntries(
    numberSettings.map(({ field, key }) => [
      field,
      (run: RunSummary) => usedValue(run, key) as number | null,
    ]),
  ),
  iterations: (run) => run.iterations,
  cost: (run) => run.cost,
  reconstruction: (run) => run.reconstruction,
  decay: (run) => run.weightDecay,
  sparsity: (run) => run.sparsity,
  validation: (run) => run.validation,
  rhohat: (run) => run.rhoHat?.mean ?? null,
  dead: (run) => run.deadUnits,
  patch: (run) => run.patchSize,
  seconds: (run) => run.elapsedMs / 1000,
}

/** Those that are whole numbers. */
export const countFields: ReadonlySet<string> = new Set([
  'id',
  'sweep',
  'iterations',
  'dead',
  'patch',
  ...wholeSettings,
])

export const wordFields: Readonly<Record<string, WordsOf>> = {
  name: (run) => [run.name],
  dataset: (run) => [run.datasetName],
  tag: (run) => run.tags,
  status: (run) => [run.status, run.outcome ?? ''],
  ...Object.fromEntries(
    wordSettings.map(({ field, key }) => [
      field,
      (run: RunSummary) => {
        const value = usedValue(run, key)
        return value === null ? [] : [String(value), valueText(settingOf(key), value)]
      },
    ]),
  ),
  preset: (run) => [run.preset ?? ''],
  is: (run) => [...(run.isArchived ? ['archived'] : []), ...(isUnderWay(run.status) ? ['live'] : [])],
}

/** Other spellings of a field. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['ρ̂', 'rhohat'],
  ['weightdecay', 'decay'],
  ['tags', 'tag'],
  ...settingFields.flatMap(({ field, key }) =>
    (settingOf(key).aliases ?? []).map((alias): [string, string] => [alias, field]),
  ),
])

/** The field that a written name means, or null. */
export function fieldOf(written: string): string | null {
  // As the command line spells it too: learning-rate.
  const lower = written.toLowerCase().replaceAll('-', '')
  const name = aliases.get(lower) ?? lower
  return Object.hasOwn(numberFields, name) || Object.hasOwn(wordFields, name) ? name : null
}
