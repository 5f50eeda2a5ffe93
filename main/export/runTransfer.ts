import type { Library } from '#db/library.ts'
import { rescueLibrary } from '#db/rescue/rescueLibrary.ts'
import { readBundle } from './bundle/readBundle.ts'
import { lookAtWeights } from './importWeights.ts'
import { findWeights, insertRunWith } from './startingWeights.ts'
import type { TransferJob, TransferJobs } from './transferProtocol.ts'
import { importWeightsAsRun } from './weightsAsRun.ts'
import { writeExport } from './writeExport.ts'
import { writeRunTable } from './writeRunTable.ts'

const jobs: {
  [J in TransferJob]: (
    library: Library,
    signal: AbortSignal,
    ...args: Parameters<TransferJobs[J]>
  ) => Promise<ReturnType<TransferJobs[J]>>
} = {
  write: (library, signal, request, target) => writeExport(library, request, target, signal),
  writeRunTable: (library, signal, view, notation, target) =>
    writeRunTable(library, view, notation, target, signal),
  openBundle: async (library, signal, file) => (await readBundle(library, file, signal)).runIds,
  lookAtWeights: (_library, _signal, file) => lookAtWeights(file),
  insertRunWith: async (library, _signal, run, source) =>
    insertRunWith(library, run, await findWeights(library, source)),
  importWeights: (library, _signal, request) => importWeightsAsRun(library, request),
  rescue: async ({ folder }, _signal, target) => rescueLibrary(folder, target),
}

/** Does one job with the library. @throws LabError as the job's own function; stopped */
export function runTransfer<J extends TransferJob>(
  library: Library,
  job: J,
  args: Parameters<TransferJobs[J]>,
  signal: AbortSignal,
): Promise<ReturnType<TransferJobs[J]>> {
  return jobs[job](library, signal, ...args)
}
