import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { LibrarySummary } from '#shared/ipc/contract.ts'
import { callOrShow } from '../ipc/call.ts'
import { useToasts } from './toasts.ts'

/** The library: read once; while the window is open, only the library can go away. */
export const useLibrary = defineStore('library', () => {
  const summary = shallowRef<LibrarySummary | null>(null)
  /** Why the library is not where it was, as main last told it. */
  const absence = shallowRef<string | null>(null)

  async function load(): Promise<void> {
    summary.value = (await callOrShow('library.summary')) ?? null
    absence.value = summary.value?.absence ?? null
    if (summary.value?.obstacle) useToasts().error(summary.value.obstacle)
  }

  /** Asks for another library; the app starts anew on it. */
  async function choose(): Promise<void> {
    await callOrShow('libraries.choose')
  }

  async function copyDiagnostics(): Promise<void> {
    if ((await callOrShow('diagnostics.copy')) !== undefined)
      useToasts().done('Copied: versions, engines and the end of the log, without names')
  }

  return { summary, absence, load, choose, copyDiagnostics }
})
