import { z } from 'zod'
import { removeUnusedBlobs } from '#db/blobRows.ts'
import { countAll } from '#db/queries/changes.ts'
import { libraryUsage } from '#db/queries/usage.ts'
import { absenceOf } from '#db/whereabouts.ts'
import type { Handle } from './handle.ts'
import type { Services } from './services.ts'

export function handleLibrary(handle: Handle, { library, appVersion, machine }: Services): void {
  handle('library.summary', z.tuple([]), () => ({
    displayPath: library.folder,
    appVersion,
    machine,
    ...countAll(library),
    obstacle: library.obstacle,
    absence: absenceOf(library),
  }))
  handle('library.usage', z.tuple([]), () => libraryUsage(library))
  handle('library.clean', z.tuple([]), () => removeUnusedBlobs(library, new Date()))
}
