import { storedJson } from './storedJson.ts'
import type { EngineDescription, Outcome, RunStatus, RunSummary } from './run.ts'
import { wholeConfig, type RunConfig } from './runConfig.ts'

/** A run's narrow row as the library holds it, with its dataset's name and its tags. */
export interface RunRow {
  id: number
  name: string
  status: RunStatus
  outcome: Outcome | null
  message: string | null
  dataset_id: number
  dataset_name: string
  config: string
  preset: string | null
  sweep_id: number | null
  tags: string
  created_at: string
  started_at: string | null
  ended_at: string | null
  iterations: number
  cost: number | null
  reconstruction: number | null
  weight_decay: number | null
  sparsity: number | null
  validation: number | null
  rho_hat_min: number | null
  rho_hat_mean: number | null
  rho_hat_max: number | null
  dead_units: number | null
  evaluations: number
  elapsed_ms: number
  engine: string | null
  has_checkpoint: 0 | 1
  visible: number
  patch_size: number | null
  channels: 1 | 3
  is_archived: 0 | 1
}

export function toSummary(row: RunRow): RunSummary {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    outcome: row.outcome,
    message: row.message,
    datasetId: row.dataset_id,
    datasetName: row.dataset_name,
    config: wholeConfig(storedJson<Partial<RunConfig>>(row.config)),
    preset: row.preset,
    sweepId: row.sweep_id,
    tags: (JSON.parse(row.tags) as string[]).toSorted(),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    iterations: row.iterations,
    cost: row.cost,
    reconstruction: row.reconstruction,
    weightDecay: row.weight_decay,
    sparsity: row.sparsity,
    validation: row.validation,
    rhoHat: toRhoHat(row),
    deadUnits: row.dead_units,
    evaluations: row.evaluations,
    elapsedMs: row.elapsed_ms,
    engine: row.engine === null ? null : storedJson<EngineDescription>(row.engine),
    hasCheckpoint: row.has_checkpoint === 1,
    visible: row.visible,
    patchSize: row.patch_size,
    channels: row.channels,
    isArchived: row.is_archived === 1,
  }
}

function toRhoHat({ rho_hat_min: min, rho_hat_mean: mean, rho_hat_max: max }: RunRow): RunSummary['rhoHat'] {
  return min === null || mean === null || max === null ? null : { min, mean, max }
}
