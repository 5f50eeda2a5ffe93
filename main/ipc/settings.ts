import { z } from 'zod'
import { settingsChangeSchema } from '#shared/domain/settings.ts'
import type { Handle } from './handle.ts'
import type { Services } from './services.ts'

export function handleSettings(handle: Handle, { settings }: Services): void {
  handle('settings.get', z.tuple([]), settings.current)
  handle('settings.change', z.tuple([settingsChangeSchema]), settings.change)
}
