import { z } from 'zod'
import { getRun } from '#db/queries/runs.ts'
import { fileName } from '#main/export/fileName.ts'
import { writeWhole } from '#main/export/writeWhole.ts'
import { exportKindNames, exportRequestSchema, isFolderExport } from '#shared/domain/exportRequest.ts'
import { fileToSaveSchema, savedKindNames } from '#shared/domain/savedFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import { transferKinds } from '#shared/ipc/contract.ts'
import { tableViewSchema } from '#shared/query/tableView.ts'
import type { Handle } from './handle.ts'
import { notationSchema, token } from './schemas.ts'
import type { Services } from './services.ts'

/** Runs out of the library, and in from a bundle; paths come from dialogs and drops alone. */
export function handleExports(
  handle: Handle,
  { library, sources, offeredBundle, transfers, window, changed }: Services,
): void {
  handle('files.save', z.tuple([fileToSaveSchema]), async ({ name, kind, bytes }) => {
    const target = await window.askForExport(`${fileName(name)}.${kind}`, savedKindNames[kind])
    return target === null ? null : writeWhole(target, bytes)
  })
  handle('exports.write', z.tuple([exportRequestSchema]), async (request) => {
    const { kind, runIds } = request
    const names = runIds.map((id) => getRun(library, id).name)
    const proposal = names.length === 1 ? fileName(names[0]) : `${names.length} runs`
    const target = isFolderExport(request)
      ? await window.askForExportFolder()
      : await window.askForExport(`${proposal}.${kind}`, exportKindNames[kind])
    return target === null ? null : transfers.run('write', request, target)
  })
  handle('transfers.cancel', z.tuple([z.enum(transferKinds)]), transfers.cancel)
  handle('bundles.offered', z.tuple([]), () => {
    const path = offeredBundle()
    return path === null ? null : sources.add(path)
  })
  handle('runs.writeCsv', z.tuple([tableViewSchema, notationSchema]), async (view, notation) => {
    const target = await window.askForExport('runs.csv', 'CSV')
    return target === null ? null : transfers.run('writeRunTable', view, notation, target)
  })
  handle('bundles.open', z.tuple([token]), async (token) => {
    const { kind, path } = sources.get(token)
    if (kind !== 'bundle') throw new LabError('badInput', `${path} is no bundle. Choose a .rholab file.`)
    const runIds = await transfers.run('openBundle', path)
    changed({ runs: true, datasets: true })
    return runIds
  })
}
