/** Sets of runs over some settings, and which run belongs to which. */
export const addSweeps = {
  version: 6,
  name: 'add-sweeps',
  // A sweep whose dataset is removed has no runs left either. stop_after is the iteration at which a sweep compares
  // the run with the others; NULL for a run that goes to its end.
  sql: `
CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  spec TEXT NOT NULL,
  created_at TEXT NOT NULL,
  status TEXT NOT NULL
) STRICT;
CREATE INDEX sweeps_by_dataset ON sweeps (dataset_id);
ALTER TABLE runs ADD COLUMN sweep_id INTEGER REFERENCES sweeps ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN stop_after INTEGER;
CREATE INDEX runs_by_sweep ON runs (sweep_id) WHERE sweep_id IS NOT NULL;
`,
}
