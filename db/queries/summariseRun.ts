import { wholeConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { countDeadUnits } from '#shared/model/rhoHat.ts'
import { float32Of } from '../bytes.ts'
import type { Library } from '../library.ts'

/** Copies a run's newest iteration into its row, so that lists need not look at series; inside a transaction. */
export function summariseRun(library: Library, runId: number): void {
  const { changes } = library.db
    .prepare(
      `UPDATE runs SET iterations = newest.iteration, cost = newest.cost, reconstruction = newest.reconstruction,
         weight_decay = newest.weight_decay, sparsity = newest.sparsity, validation = newest.validation,
         rho_hat_min = newest.rho_hat_min,
         rho_hat_mean = newest.rho_hat_mean, rho_hat_max = newest.rho_hat_max,
         evaluations = newest.evaluations, elapsed_ms = newest.elapsed_ms, dead_units = @deadUnits
       FROM (SELECT * FROM iterations WHERE run_id = @runId ORDER BY iteration DESC LIMIT 1) AS newest
       WHERE runs.id = @runId`,
    )
    .run({ runId, deadUnits: deadUnits(library, runId) })
  if (changes > 0) return
  library.db
    .prepare(
      `UPDATE runs SET iterations = 0, cost = NULL, reconstruction = NULL, weight_decay = NULL, sparsity = NULL,
         validation = NULL,         rho_hat_min = NULL, rho_hat_mean = NULL, rho_hat_max = NULL, evaluations = 0, elapsed_ms = 0, dead_units = NULL
       WHERE id = ?`,
    )
    .run(runId)
}

function deadUnits(library: Library, runId: number): number | null {
  const row = library.db
    .prepare<[number], { config: string; rho_hat: Uint8Array }>(
      `SELECT config, rho_hat FROM rho_hats JOIN runs ON runs.id = run_id
       WHERE run_id = ? ORDER BY iteration DESC LIMIT 1`,
    )
    .get(runId)
  if (!row) return null
  return countDeadUnits(float32Of(row.rho_hat), wholeConfig(JSON.parse(row.config) as Partial<RunConfig>))
}
