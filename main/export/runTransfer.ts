import type { Library } from '#db/library.ts'
import { readBundle } from './bundle/readBundle.ts'
import type { TransferJob, TransferJobs } from './transferProtocol.ts'
import { writeExport } from './writeExport.ts'

const jobs: {
  [J in TransferJob]: (
    library: Library,
    ...args: Parameters<TransferJobs[J]>
  ) => Promise<ReturnType<TransferJobs[J]>>
} = {
  write: writeExport,
  openBundle: async (library, file) => (await readBundle(library, file)).runIds,
}

/** Does one job with the library. @throws LabError as the job's own function */
export function runTransfer<J extends TransferJob>(
  library: Library,
  job: J,
  args: Parameters<TransferJobs[J]>,
): Promise<ReturnType<TransferJobs[J]>> {
  return jobs[job](library, ...args)
}
