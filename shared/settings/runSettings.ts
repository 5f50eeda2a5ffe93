import { modelSettings } from './modelSettings.ts'
import { meets, settingSymbols, type ConfigOf, type Setting, type SettingTable } from './setting.ts'
import { trainingSettings } from './trainingSettings.ts'

/**
 * Every setting of a run, in the order in which configurations, tables and reports have them. To add one: an entry
 * here, and the code that uses it.
 */
export const runSettings = { ...modelSettings, ...trainingSettings }
export type RunConfig = ConfigOf<typeof runSettings>
export type SettingKey = keyof RunConfig
export type SettingValue = number | string

const table: SettingTable = runSettings

export const settingKeys = Object.keys(runSettings) as SettingKey[]
export const isSetting = (key: string): key is SettingKey => Object.hasOwn(table, key)
export const settingOf = (key: SettingKey): Setting => table[key]

/** Whether it is a setting that is a whole number, as people write them with groups of thousands. */
export const isWhole = (name: string): boolean => isSetting(name) && settingOf(name).kind === 'whole'

/** "Sparsity target ρ" */
export const fullLabel = ({ label, symbol }: Pick<Setting, 'label' | 'symbol'>): string =>
  [label, symbol && settingSymbols[symbol]].filter(Boolean).join(' ')

/** What stands beside a label outside of forms. */
export const shownSymbol = ({ symbol }: Pick<Setting, 'symbol'>) =>
  symbol && settingSymbols[symbol] !== null ? symbol : undefined

/** Where results stand beside it: "Planned iterations", for runs have done some. */
export const labelAmongResults = (setting: Setting): string =>
  setting.amongResults?.label ?? fullLabel(setting)

/** In a sentence and on an axis: "ρ", "hidden units", "learning rate". */
export const nameOf = ({ name, label }: Setting): string => name ?? label.toLowerCase()

/** The option of the command line, without its dashes: "learning-rate". */
export const flagOf = (key: SettingKey): string =>
  table[key].flag ?? key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Whether a setting changes anything beside these choices: the learning rate of L-BFGS does not. */
export const isUsed = (key: SettingKey, config: Partial<Record<SettingKey, unknown>>): boolean =>
  meets(config, table[key].onlyWith ?? {})

/** Label and explanation as they are beside these choices: an iteration of Adam is an epoch. */
export function wordsOf(
  setting: Setting,
  config: Partial<Record<SettingKey, unknown>>,
): Pick<Setting, 'label' | 'what'> {
  const { variant } = setting
  return variant && meets(config, variant.with) ? variant : setting
}

/** A value in words where it is a choice, else as it is. */
export const valueText = (setting: Setting, value: SettingValue): string =>
  setting.kind === 'choice' ? (setting.choices[value]?.label ?? String(value)) : String(value)
