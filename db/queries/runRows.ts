/** What a list shows of a run: its narrow row, its dataset's, its tags. Never series, never blobs. */
export const summaryColumns = `
  runs.id, runs.name, runs.status, outcome, message, dataset_id, datasets.name AS dataset_name, config, preset, sweep_id,
  (SELECT json_group_array(tag) FROM run_tags WHERE run_id = runs.id) AS tags,
  runs.created_at, started_at, ended_at, iterations, cost, reconstruction, weight_decay, sparsity, validation,
  rho_hat_min, rho_hat_mean, rho_hat_max, dead_units, evaluations, elapsed_ms, engine,
  EXISTS (SELECT 1 FROM checkpoints WHERE run_id = runs.id) AS has_checkpoint,
  datasets.visible, datasets.patch_size, datasets.channels, runs.archived_at IS NOT NULL AS is_archived`
