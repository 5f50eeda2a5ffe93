import type { EngineDescription, Outcome, RunStatus, RunSummary } from '#shared/domain/run.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'

/** What a list shows of a run: its narrow row, its dataset's, its tags. Never series, never blobs. */
export const summaryColumns = `
  runs.id, runs.name, runs.status, outcome, message, dataset_id, datasets.name AS dataset_name, config, preset, sweep_id,
  (SELECT json_group_array(tag) FROM run_tags WHERE run_id = runs.id) AS tags,
  runs.created_at, started_at, ended_at, iterations, cost, reconstruction, weight_decay, sparsity, validation,
  rho_hat_min, rho_hat_mean, rho_hat_max, dead_units, evaluations, elapsed_ms, engine,
  EXISTS (SELECT 1 FROM checkpoints WHERE run_id = runs.id) AS has_checkpoint,
  datasets.visible, datasets.patch_size, datasets.channels`

export interface SummaryRow {
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
}

export function toSummary(row: SummaryRow): RunSummary {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    outcome: row.outcome,
    message: row.message,
    datasetId: row.dataset_id,
    datasetName: row.dataset_name,
    // What was added since the run is as if it had been left out.
    config: { ...defaultConfig, ...(JSON.parse(row.config) as Partial<RunConfig>) },
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
    engine: row.engine === null ? null : (JSON.parse(row.engine) as EngineDescription),
    hasCheckpoint: row.has_checkpoint === 1,
    visible: row.visible,
    patchSize: row.patch_size,
    channels: row.channels,
  }
}

function toRhoHat({
  rho_hat_min: min,
  rho_hat_mean: mean,
  rho_hat_max: max,
}: SummaryRow): RunSummary['rhoHat'] {
  return min === null || mean === null || max === null ? null : { min, mean, max }
}
