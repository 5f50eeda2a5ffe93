import { readRegularText } from '#db/regularFile.ts'
import { settingsSchema, type Settings, type SettingsChange } from '#shared/domain/settings.ts'
import { replaceFile } from './replaceFile.ts'

export interface SettingsStore {
  current(): Settings
  /** Keeps a change and tells who listens. @returns the settings as they are now */
  change(change: SettingsChange): Settings
  onChange(listener: (settings: Settings) => void): void
}

/**
 * Settings in a JSON file. One that is missing or damaged counts as empty; a file that cannot be written leaves the
 * change in force until the app ends.
 * @param path shared by the windows of all libraries: read anew before it is written
 */
export function openSettings(path: string): SettingsStore {
  const listeners: ((settings: Settings) => void)[] = []
  let settings = read(path) ?? settingsSchema.parse({})
  return {
    current: () => settings,
    change(change) {
      settings = { ...(read(path) ?? settings), ...change }
      replaceFile(path, JSON.stringify(settings, null, 2))
      for (const listener of listeners) listener(settings)
      return settings
    },
    onChange: (listener) => void listeners.push(listener),
  }
}

function read(path: string): Settings | null {
  try {
    return settingsSchema.parse(JSON.parse(readRegularText(path)))
  } catch {
    return null
  }
}
