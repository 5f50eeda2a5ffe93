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
    ...args: Parameters<TransferJobs[J]>
  ) => Promise<ReturnType<TransferJobs[J]>>
} = {
  write: writeExport,
  writeRunTable,
  openBundle: async (library, file) => (await readBundle(library, file)).runIds,
  lookAtWeights: (_library, file) => lookAtWeights(file),
  insertRunWith: async (library, run, source) =>
    insertRunWith(library, run, await findWeights(library, source)),
  importWeights: importWeightsAsRun,
  rescue: async ({ folder }, target) => rescueLibrary(folder, target),
}

/** Does one job with the library. @throws LabError as the job's own function */
export function runTransfer<J extends TransferJob>(
  library: Library,
  job: J,
  args: Parameters<TransferJobs[J]>,
): Promise<ReturnType<TransferJobs[J]>> {
  return jobs[job](library, ...args)
}
