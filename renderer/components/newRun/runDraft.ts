import { defaultConfig, runConfigSchema, type RunConfig } from '#shared/domain/runConfig.ts'
import { isUsed, isWhole, settingKeys, settingOf, type SettingKey } from '#shared/settings/runSettings.ts'
import type { FieldPlace } from '#shared/settings/setting.ts'
import { formatField } from '../../format/number.ts'
import { fieldErrors } from '../form/fieldErrors.ts'
import { parseNumber, typedProblems } from '../form/parseNumber.ts'

/** The form as it is written: numbers are text until they are read. */
export type RunDraft = { [Key in SettingKey]: RunConfig[Key] extends string ? RunConfig[Key] : string }

export const draftOf = (config: RunConfig): RunDraft =>
  Object.fromEntries(settingKeys.map((key) => [key, writtenOf(config[key])])) as RunDraft

const writtenOf = (value: number | string): string => (typeof value === 'number' ? formatField(value) : value)

/** The fields of a part of the form, in order; what means nothing beside the choices made is not shown. */
export const fieldsOf = (section: FieldPlace['section'], draft: RunDraft): SettingKey[] =>
  settingKeys
    .filter((key) => settingOf(key).field?.section === section && isUsed(key, draft))
    .toSorted((a, b) => placeOf(a) - placeOf(b))

const placeOf = (key: SettingKey): number => settingOf(key).field?.place ?? 0

/** The configuration that a form means, or a sentence for each field that cannot be; what is not shown cannot. */
export function readRunDraft(draft: RunDraft): {
  config: RunConfig | null
  problems: Readonly<Record<string, string>>
} {
  const used = settingKeys.filter((key) => isUsed(key, draft))
  const numbers = used.filter((key) => settingOf(key).kind !== 'choice')
  const parsed = runConfigSchema.safeParse({
    ...defaultConfig,
    ...pick(used, (key) => draft[key]),
    ...pick(numbers, (key) => parseNumber(draft[key], isWhole(key))),
  })
  return {
    config: parsed.success ? parsed.data : null,
    problems: {
      ...fieldErrors(parsed.error),
      ...typedProblems(
        pick(numbers, (key) => draft[key]),
        isWhole,
      ),
    },
  }
}

const pick = <T>(keys: readonly SettingKey[], valueOf: (key: SettingKey) => T): Record<string, T> =>
  Object.fromEntries(keys.map((key) => [key, valueOf(key)]))

/** Tags as they are written, separated by commas; each once. */
export const readTags = (written: string): string[] => [
  ...new Set(
    written
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
]
