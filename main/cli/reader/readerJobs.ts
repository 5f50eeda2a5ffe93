import type { arrayUse } from '#main/dataset/array/openArrays.ts'
import type { holdsWeights } from '#main/dataset/array/holdsWeights.ts'
import type { DatasetJob } from '#main/dataset/runDatasetJob.ts'
import type { readWeights } from '#main/export/importWeights.ts'
import type { checkEngineGradient } from '#main/engine/checkEngineGradient.ts'
import type { evaluateAt } from '#main/engine/evaluateAt.ts'
import type { ImportProgress } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import type { Reply } from '#shared/domain/labError.ts'

/** What is read or computed in a thread of its own. */
export interface ReaderJobs {
  holdsWeights: typeof holdsWeights
  arrayUse: typeof arrayUse
  makeDraft: (job: DatasetJob) => Promise<DatasetDraft>
  readWeights: typeof readWeights
  evaluateAt: typeof evaluateAt
  checkEngineGradient: typeof checkEngineGradient
}
export type ReaderJob = keyof ReaderJobs

export interface ToReader {
  job: ReaderJob
  args: unknown[]
}

export type FromReader =
  | { type: 'begun' }
  | { type: 'progress'; progress: ImportProgress }
  | { type: 'reply'; reply: Reply<unknown> }

/** What of a message can be handed over instead of copied: memory that one array has for itself. */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) found.add(buffer)
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found)
  }
  return found
}
