import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Library } from '#db/library.ts'
import { getRun } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import { exportRun, type ExportOptions } from './exportRun.ts'
import { fileName } from './fileName.ts'

export interface ExportedFile {
  runId: number
  file: string
}

/**
 * Exports several runs into a folder, which is made if it is missing: "12 edges.npz" is run 12.
 * @returns the absolute paths, in the order of the runs
 * @throws LabError as exportRun; files that were written before stay
 */
export async function exportRuns(
  library: Library,
  runIds: readonly number[],
  folder: string,
  options: Omit<ExportOptions, 'file'>,
): Promise<ExportedFile[]> {
  const target = await makeFolder(folder)
  const files: ExportedFile[] = []
  for (const runId of runIds) {
    const file = path.join(target, `${runName(library, runId)}.${options.format}`)
    files.push({ runId, file: await exportRun(library, runId, { ...options, file }) })
  }
  return files
}

/** A name for a run's file or folder that no other run of the library has. */
export const runName = (library: Library, runId: number) =>
  `${runId} ${fileName(getRun(library, runId).name)}`

/** @returns the absolute path @throws LabError badInput */
export async function makeFolder(folder: string): Promise<string> {
  const target = path.resolve(folder)
  try {
    await mkdir(target, { recursive: true })
    return target
  } catch (cause) {
    throw new LabError('badInput', `${target} cannot be made a folder. Choose another path.`, { cause })
  }
}
