import { z } from 'zod'
import { countAll } from '#db/queries/changes.ts'
import type { Handle } from './handle.ts'
import type { Services } from './services.ts'

export function handleLibrary(handle: Handle, { library, appVersion, machine }: Services): void {
  handle('library.summary', z.tuple([]), () => ({
    displayPath: library.folder,
    appVersion,
    machine,
    ...countAll(library),
  }))
}
