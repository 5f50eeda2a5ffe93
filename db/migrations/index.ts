import { createLibrary } from './0001-create-library.ts'
import { addValidation } from './0002-add-validation.ts'
import { describeDatasets } from './0003-describe-datasets.ts'
import { pauseRuns } from './0004-pause-runs.ts'
import { recordInitialWeights } from './0005-record-initial-weights.ts'
import { addSweeps } from './0006-add-sweeps.ts'
import { countChanges } from './0007-count-changes.ts'
import { tellTheQueue } from './0008-tell-the-queue.ts'
import { keepLabels } from './0009-keep-labels.ts'

/** A step of the schema; applied once, in one transaction, and never changed after a release. */
export interface Migration {
  /** `PRAGMA user_version` after it. */
  version: number
  name: string
  sql: string
}

/** In order; versions count up from 1. */
export const migrations: readonly Migration[] = [
  createLibrary,
  addValidation,
  describeDatasets,
  pauseRuns,
  recordInitialWeights,
  addSweeps,
  countChanges,
  tellTheQueue,
  keepLabels,
]
