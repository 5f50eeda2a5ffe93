import { z } from 'zod'
import {
  choicesOf,
  meets,
  type ChoiceSetting,
  type ConfigOf,
  type NumberSetting,
  type Setting,
  type SettingTable,
} from './setting.ts'

/**
 * The schema of the configurations that a table describes: nothing missing, nothing more, a sentence for each value that
 * cannot be, or not beside the others. A setting that came later may be missing: it then has the value that it had before.
 */
export function schemaOf<const Table extends SettingTable>(table: Table): z.ZodType<ConfigOf<Table>> {
  const shape = Object.entries(table).map(([key, setting]) => [key, settingSchema(setting)])
  const each = z.strictObject(Object.fromEntries(shape))
  return each.superRefine((config, { addIssue }) => {
    for (const [key, { conflicts = [] }] of Object.entries(table)) {
      const found = conflicts.find((conflict) => meets(config, conflict.with))
      if (found) addIssue({ code: 'custom', path: [key], message: found.sentence })
    }
  }) as unknown as z.ZodType<ConfigOf<Table>>
}

/** What new runs are set to. */
export const defaultsOf = <const Table extends SettingTable>(table: Table): ConfigOf<Table> =>
  valuesOf(table, (setting) => setting.default)

/** What is missing in the settings of runs made before it could be said. */
export const earlierDefaultsOf = <const Table extends SettingTable>(table: Table): ConfigOf<Table> =>
  valuesOf(table, (setting) => setting.since?.before ?? setting.default)

const valuesOf = <const Table extends SettingTable>(
  table: Table,
  valueOf: (setting: Setting) => number | string,
): ConfigOf<Table> =>
  Object.fromEntries(
    Object.entries(table).map(([key, setting]) => [key, valueOf(setting)]),
  ) as ConfigOf<Table>

function settingSchema(setting: Setting): z.ZodType {
  const schema = setting.kind === 'choice' ? choiceSchema(setting) : numberSchema(setting)
  return setting.since ? schema.default(setting.since.before) : schema
}

const subjectOf = ({ subject, label }: Setting): string => subject ?? label

function choiceSchema(setting: ChoiceSetting): z.ZodType {
  const values = choicesOf(setting)
  return z.enum(values, { error: `${subjectOf(setting)} must be one of ${values.join(', ')}.` })
}

function numberSchema(setting: NumberSetting): z.ZodType {
  const { kind, min, max, minExcluded, maxExcluded } = setting
  const say = (predicate: string): string => `${subjectOf(setting)} ${predicate}.`
  const small = say(setting.tooSmall ?? smallText(setting))
  const large = say(
    setting.tooLarge ?? (maxExcluded ? `must be smaller than ${max}` : `must be at most ${max}`),
  )
  const any = z.number({ error: say(kindText(setting)) })
  const kindOf = kind === 'whole' ? any.int(say(kindText(setting))) : any
  const above = minExcluded ? kindOf.gt(min, small) : kindOf.min(min, small)
  return maxExcluded ? above.lt(max, large) : above.max(max, large)
}

function kindText({ kind, min, max, minExcluded, isOpenEnded }: NumberSetting): string {
  if (kind === 'whole') return `must be a whole number from ${min} to ${max}`
  if (!isOpenEnded) return `must lie between ${min} and ${max}`
  return minExcluded ? `must be larger than ${min}` : `must be a number, ${min} or larger`
}

function smallText({ kind, min, minExcluded }: NumberSetting): string {
  if (kind === 'whole') return `must be at least ${min}`
  return minExcluded ? `must be larger than ${min}` : `must be ${min} or larger`
}

const counts = new Intl.NumberFormat('en-US')

/** The allowed values as a form says them, in few words: "1–10,000", "between 0 and 1", "0 or larger". */
export function rangeText(setting: NumberSetting): string {
  const { kind, min, max, minExcluded, maxExcluded, isOpenEnded, unit } = setting
  if (setting.range !== undefined) return setting.range
  if (isOpenEnded) return minExcluded ? `above ${min}` : `${min} or larger`
  if (minExcluded && maxExcluded) return `between ${min} and ${max}`
  if (minExcluded) return `above ${min}, to ${max}`
  if (maxExcluded) return `${min} to below ${max}`
  const span = `${counts.format(min)}–${counts.format(max)}`
  return kind === 'whole' && unit !== undefined ? `${span} ${unit}` : span
}
