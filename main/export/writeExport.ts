import path from 'node:path'
import type { Library } from '#db/library.ts'
import { isExportFormat, type ExportRequest } from '#shared/domain/exportRequest.ts'
import { writeBundle } from './bundle/writeBundle.ts'
import { exportRun } from './exportRun.ts'
import { exportRuns } from './exportRuns.ts'
import { writeMlflow } from './mlflow/writeMlflow.ts'
import { writeReport } from './report/formatReport.ts'
import { writeTensorboard } from './tensorboard/writeTensorboard.ts'

/**
 * Writes what the window asked for.
 * @param target a file, or a folder where `isFolderExport` says so
 * @returns the absolute path of that file or folder
 * @throws LabError as the writer of that kind
 */
export async function writeExport(
  library: Library,
  request: ExportRequest,
  target: string,
  signal?: AbortSignal,
): Promise<string> {
  const { runIds, kind, iteration, patches } = request
  // Of what does not draw filters there is one kind.
  const space = kind === 'png' ? request.space : 'whitened'
  if (kind === 'rholab') return writeBundle(library, runIds, target, { patches, signal })
  if (kind === 'html') return writeReport(library, runIds, target, signal)
  if (kind === 'tensorboard') await writeTensorboard(library, runIds, target, signal)
  else if (kind === 'mlflow') await writeMlflow(library, runIds, target, signal)
  else if (isExportFormat(kind) && runIds.length === 1) {
    return exportRun(library, runIds[0], { format: kind, file: target, iteration, space, signal })
  } else await exportRuns(library, runIds, target, { format: kind, iteration, space, signal })
  return path.resolve(target)
}
