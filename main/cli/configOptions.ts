import { Option, type Command } from 'commander'
import { LabError } from '#shared/domain/labError.ts'
import { findPreset, presets } from '#shared/domain/presets.ts'
import { defaultConfig, runConfigSchema, type RunConfig } from '#shared/domain/runConfig.ts'
import {
  flagOf,
  isSetting,
  isWhole,
  settingKeys,
  settingOf,
  type SettingKey,
} from '#shared/settings/runSettings.ts'
import { choicesOf } from '#shared/settings/setting.ts'
import { parseInput } from './parseInput.ts'
import { toCount, toNumber } from './text.ts'

/** Options of a command that makes a configuration; settings by their keys. */
export type ConfigOptions = Partial<RunConfig> & { preset?: string }

/** A setting as an option; its value is found by the setting's key, however the option is spelt. */
export class SettingOption extends Option {
  readonly #key: SettingKey

  constructor(key: SettingKey) {
    const setting = settingOf(key)
    const placeholder = setting.placeholder ?? 'name'
    const usual = setting.kind === 'choice' ? setting.defaultHelp : undefined
    super(
      `--${flagOf(key)} <${placeholder}>`,
      `${setting.help} (default: ${usual ?? defaultText(setting.default)})`,
    )
    this.#key = key
    if (setting.kind === 'choice') this.choices(choicesOf(setting))
    else this.argParser(isWhole(key) ? toCount : toNumber)
  }

  override attributeName(): string {
    return this.#key
  }
}

/** As one would type it: 25, 0.001, 1e-4. */
const defaultText = (value: number | string): string =>
  typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)

function addSettingOptions(command: Command, decided: readonly string[]): Command {
  for (const key of settingKeys) {
    if (decided.includes(settingOf(key).decides)) command.addOption(new SettingOption(key))
  }
  return command
}

/** The options that say which network and cost, and who computes: for `train`, `evaluate` and `gradcheck`. */
export function addHyperparameterOptions(command: Command): Command {
  const ids = presets.map(({ id }) => id).join(', ')
  command.addOption(new Option('--preset <id>', `start from a preset: ${ids}`))
  return addSettingOptions(command, ['cost', 'computation'])
}

/** The options that say how it is minimised: for `train`. */
export const addOptimiserOptions = (command: Command): Command => addSettingOptions(command, ['training'])

/** @throws LabError badInput on an unknown preset or a value out of range */
export function configFrom(options: ConfigOptions, base: Partial<RunConfig> = {}): RunConfig {
  return parseInput(runConfigSchema, {
    ...defaultConfig,
    ...presetConfig(options.preset),
    ...base,
    ...given(options),
  })
}

/** The settings that were given, and no others. @throws LabError as configFrom */
export function settingsFrom(options: ConfigOptions): Partial<RunConfig> {
  const said = { ...presetConfig(options.preset), ...given(options) }
  return Object.fromEntries(Object.entries(configFrom(options)).filter(([key]) => key in said))
}

const given = (options: ConfigOptions): Partial<RunConfig> =>
  Object.fromEntries(Object.entries(options).filter(([key, value]) => isSetting(key) && value !== undefined))

function presetConfig(id: string | undefined): Partial<RunConfig> {
  if (id === undefined) return {}
  const preset = findPreset(id)
  if (!preset) {
    const known = presets.map((preset) => preset.id).join(', ')
    throw new LabError('badUsage', `There is no preset "${id}". The presets are ${known}.`)
  }
  return preset.config
}
