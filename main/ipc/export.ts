import { z } from 'zod'
import { getRun } from '#db/queries/runs.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { exportFormatNames, exportFormats } from '#shared/ipc/contract.ts'
import { fileName } from '#main/export/fileName.ts'
import type { Handle } from './handle.ts'
import { id } from './schemas.ts'
import type { Services } from './services.ts'

export { fileName }

export function handleExport(handle: Handle, { library, window }: Services): void {
  handle(
    'runs.export',
    z.tuple([id, z.enum(exportFormats), z.number().int().min(0).nullable()]),
    async (runId, format, iteration) => {
      const { name } = getRun(library, runId)
      const file = await window.askForExport(`${fileName(name)}.${format}`, exportFormatNames[format])
      if (file === null) return null
      return exportRun(library, runId, { format, file, iteration })
    },
  )
}
