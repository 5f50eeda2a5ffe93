import { nativeTheme } from 'electron'
import type { SettingsStore } from './settingsFile.ts'

/** Makes everything that asks for the system's theme, the window's page too, see the one that was set. */
export function followTheme(settings: SettingsStore): void {
  nativeTheme.themeSource = settings.current().theme
  settings.onChange(({ theme }) => (nativeTheme.themeSource = theme))
}
