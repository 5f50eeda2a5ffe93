/**
 * What a setting of a run is. The table of them (runSettings.ts) is the only place that knows one: schema, options of
 * the command line, forms, tables, charts, queries, sweeps and reports are made from it. Nothing here draws or parses.
 */

/** Letters of the model that stand for settings, as text; h only in forms, for elsewhere the label says more. */
export const settingSymbols = { h: null, rho: 'ρ', lambda: 'λ', beta: 'β', rhoHat: 'ρ̂' } as const
export type SettingSymbol = keyof typeof settingSymbols

/** Choices that must have one of these values: `{ optimiser: ['adam', 'sgd'] }`. */
export type Condition = Readonly<Record<string, readonly string[]>>

export const meets = (config: Readonly<Record<string, unknown>>, condition: Condition): boolean =>
  Object.entries(condition).every(([key, values]) => values.includes(String(config[key])))

/** Part of the form, and the place among its fields. */
export interface FieldPlace {
  section: 'data' | 'network' | 'cost' | 'training'
  place: number
}

interface Described<Value> {
  /** In forms, tables and reports. */
  label: string
  /** Stands after the label. */
  symbol?: SettingSymbol
  /** In a sentence and on an axis; the label in small letters unless said. */
  name?: string
  /** At the start of the sentence that refuses a value; the label unless said. */
  subject?: string
  /** What it does, a sentence or two. */
  what: string
  /** What it does, on a line of the command line's help. */
  help: string
  /** Option of the command line without its dashes; the key in kebab case unless said. */
  flag?: string
  default: Value
  /** Missing in the settings of runs that were made before this version, which then had this value. */
  since?: { version: string; before: Value }
  /** `cost`: the gradient depends on it. `computation`: asked for wherever something is computed. `training`: how it is minimised. */
  decides: 'cost' | 'computation' | 'training'
  /** Where it stands in the form; null: the form keeps what it was, or is for new runs. */
  field: FieldPlace | null
  /** Elsewhere it changes nothing: it is not shown and cannot be wrong. */
  onlyWith?: Condition
  /** What it cannot be beside other choices, and the sentence that says so and how to mend it. */
  conflicts?: readonly { with: Condition; sentence: string }[]
  /** Another setting that must be above 0 for this one to have an effect; forms show it all the same. */
  needs?: string
  /** Another name and explanation under a condition. */
  variant?: { with: Condition; label: string; what: string }
  /** Where it stands among results that have its name: its own key and label there. */
  amongResults?: { key: string; label: string }
  /** Other spellings in a query. */
  aliases?: readonly string[]
  /** Its column in the table of runs: the head where that is not the label, CSS pixels, and which go first for want of room. */
  column?: { head?: string; width?: number; givesWay?: number }
  /** Which axes of a chart over many runs go first for want of room. */
  axisGivesWay?: number
  /** It decides how long an iteration takes. */
  setsPace?: boolean
  /** It is a weight within the cost: costs of runs that differ in it are sums of different terms. */
  weighsCost?: boolean
}

/** What a sweep proposes to try. */
export interface Trial {
  values: readonly number[]
  from: number
  to: number
  steps: number
  /** In equal factors from `from` to `to`, proposed instead of the values. */
  isLog?: boolean
}

export interface NumberSetting extends Described<number> {
  kind: 'whole' | 'number'
  min: number
  max: number
  minExcluded?: boolean
  maxExcluded?: boolean
  /** The largest value is a limit of this program, not of the quantity. */
  isOpenEnded?: boolean
  /** What a refused value is told after the subject, where that is not what follows from the limits. */
  tooSmall?: string
  tooLarge?: string
  /** The allowed values as the form says them, where that is not what follows from the limits. */
  range?: string
  /** What is counted: "pairs". */
  unit?: string
  /** What stands for the value in the help of the command line. */
  placeholder: string
  /** What an arrow key adds, or a factor of ten. */
  step: number | 'decade'
  /** Of an axis. */
  scale: 'linear' | 'log'
  /** `count`: 10,000. `power`: 1e−4. `plain`: in full. Whole numbers are counts, others plain, unless said. */
  written?: 'count' | 'power' | 'plain'
  /** What 0 means, where it switches something off. */
  zero?: string
  /** null: a sweep cannot vary it. */
  trial: Trial | null
}

export interface Choice {
  label: string
  what: string
  /** The setting whose value it takes: tables show that. */
  as?: string
}

export interface ChoiceSetting<Value extends string = string> extends Described<Value> {
  kind: 'choice'
  choices: Readonly<Record<Value, Choice>>
  /** What stands for the value in the help of the command line; "name" unless said. */
  placeholder?: string
  /** What is chosen by the default, in the help of the command line. */
  defaultHelp?: string
  /** What is so of every value, said on a run's page. */
  remark?: string
  /** Whether a sweep can vary it. */
  isVaried: boolean
}

export type Setting = NumberSetting | ChoiceSetting
export type SettingTable = Readonly<Record<string, Setting>>

/** The values that a setting takes. */
export type ValueOf<S> = S extends { kind: 'choice'; choices: Readonly<Record<infer Value, unknown>> }
  ? Value & string
  : number

/** The configuration that a table describes. */
export type ConfigOf<Table> = { -readonly [Key in keyof Table]: ValueOf<Table[Key]> }

type NumberEntry = Omit<NumberSetting, 'kind'>

/** The key among results stays a literal, so that columns have a type. */
type Among<S> = S extends { amongResults: infer Stand } ? { amongResults: Stand } : unknown

export const whole = <const S extends NumberEntry>(
  setting: S & NumberEntry,
): NumberSetting & { kind: 'whole' } & Among<S> =>
  ({ ...setting, kind: 'whole' }) as NumberSetting & { kind: 'whole' } & Among<S>

export const number = <const S extends NumberEntry>(
  setting: S & NumberEntry,
): NumberSetting & { kind: 'number' } & Among<S> =>
  ({ ...setting, kind: 'number' }) as NumberSetting & { kind: 'number' } & Among<S>

type Words<Choices> = keyof Choices & string

/** Its values are the keys of its choices, whatever else names one of them. */
export const choice = <const Choices extends Readonly<Record<string, Choice>>>(
  setting: Omit<ChoiceSetting<Words<Choices>>, 'kind' | 'choices'> & { choices: Choices },
): ChoiceSetting<Words<Choices>> => ({ ...setting, kind: 'choice' })

/** The values of a choice, in order. */
export const choicesOf = <Value extends string>(setting: ChoiceSetting<Value>): [Value, ...Value[]] =>
  Object.keys(setting.choices) as [Value, ...Value[]]

/** Its values with their words, as a form offers them. */
export const optionsOf = <Value extends string>(
  setting: ChoiceSetting<Value>,
): (Choice & { value: Value })[] => choicesOf(setting).map((value) => ({ value, ...setting.choices[value] }))
