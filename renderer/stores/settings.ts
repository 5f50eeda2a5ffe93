import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { defaultSettings, type Settings, type SettingsChange } from '#shared/domain/settings.ts'
import { callOrShow } from '../ipc/call.ts'

/** What the user has set; main keeps it. */
export const useSettings = defineStore('settings', () => {
  const settings = shallowRef<Settings>(defaultSettings)

  async function load(): Promise<void> {
    const kept = await callOrShow('settings.get')
    if (kept) settings.value = kept
  }

  /** Takes effect at once. */
  async function change(wanted: SettingsChange): Promise<void> {
    const kept = await callOrShow('settings.change', wanted)
    if (kept) settings.value = kept
  }

  return { settings, load, change }
})
