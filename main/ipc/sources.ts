import { z } from 'zod'
import { dropChannel } from '#shared/ipc/channels.ts'
import type { Handle } from './handle.ts'
import type { Services } from './services.ts'

/** Paths come from a dialog of main's, or from a real drop by way of preload; the page never names one. */
export function handleSources(handle: Handle, { sources, window }: Services): void {
  handle('sources.choose', z.tuple([z.enum(['folder', 'array', 'bundle', 'weights'])]), async (what) => {
    const path = await window.askForSource(what)
    return path === null ? null : sources.add(path)
  })
  handle(dropChannel, z.tuple([z.string().max(32_768)]), (path) => sources.add(path))
}
