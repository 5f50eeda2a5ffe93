/** Datasets, runs and what runs leave behind. */
export const createLibrary = {
  version: 1,
  name: 'create-library',
  // Lists read datasets and runs only, so their rows stay narrow: long text comes last, bytes are elsewhere.
  sql: `
CREATE TABLE library (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  created_at TEXT NOT NULL,
  -- The newest Rho Lab that changed the schema: an older one names it when it refuses the library.
  app_version TEXT NOT NULL
) STRICT;

CREATE TABLE datasets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  created_at TEXT NOT NULL,
  patches INTEGER NOT NULL,
  visible INTEGER NOT NULL,
  patch_size INTEGER,
  channels INTEGER NOT NULL,
  normalisation TEXT NOT NULL,
  seed INTEGER NOT NULL,
  -- SHA-256 of blobs: patches float32 m × n, positions int32 m × 3, preview float32 k × n, whitening float32 n × n
  hash TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  image_count INTEGER NOT NULL,
  skipped_count INTEGER NOT NULL,
  origin TEXT NOT NULL,
  positions_hash TEXT,
  whitening_hash TEXT,
  preview_count INTEGER NOT NULL,
  preview_before_hash TEXT,
  preview_after_hash TEXT NOT NULL,
  statistics TEXT NOT NULL
) STRICT;

CREATE TABLE dataset_images (
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  idx INTEGER NOT NULL,
  file TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  patches INTEGER NOT NULL,
  thumbnail_width INTEGER NOT NULL,
  thumbnail_height INTEGER NOT NULL,
  -- RGBA, row-major
  thumbnail BLOB NOT NULL,
  PRIMARY KEY (dataset_id, idx)
) STRICT;

CREATE TABLE dataset_skipped (
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  idx INTEGER NOT NULL,
  file TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (dataset_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  dataset_id INTEGER NOT NULL REFERENCES datasets,
  preset TEXT,
  status TEXT NOT NULL,
  outcome TEXT,
  -- Who carries it out, and when they last said so (ms since 1970).
  owner TEXT,
  heartbeat_at INTEGER,
  stop_requested INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT,
  -- What the newest iteration said. SQLite has no NaN: a NaN is stored as NULL.
  iterations INTEGER NOT NULL DEFAULT 0,
  cost REAL,
  reconstruction REAL,
  weight_decay REAL,
  sparsity REAL,
  rho_hat_min REAL,
  rho_hat_mean REAL,
  rho_hat_max REAL,
  dead_units INTEGER,
  evaluations INTEGER NOT NULL DEFAULT 0,
  elapsed_ms REAL NOT NULL DEFAULT 0,
  config TEXT NOT NULL,
  hidden INTEGER NOT NULL GENERATED ALWAYS AS (config ->> '$.hidden') VIRTUAL,
  activation TEXT NOT NULL GENERATED ALWAYS AS (config ->> '$.activation') VIRTUAL,
  rho REAL NOT NULL GENERATED ALWAYS AS (config ->> '$.rho') VIRTUAL,
  lambda REAL NOT NULL GENERATED ALWAYS AS (config ->> '$.lambda') VIRTUAL,
  beta REAL NOT NULL GENERATED ALWAYS AS (config ->> '$.beta') VIRTUAL,
  optimiser TEXT NOT NULL GENERATED ALWAYS AS (config ->> '$.optimiser') VIRTUAL,
  seed INTEGER NOT NULL GENERATED ALWAYS AS (config ->> '$.seed') VIRTUAL,
  engine TEXT,
  message TEXT,
  dataset_hash TEXT NOT NULL,
  app_version TEXT NOT NULL,
  engine_versions TEXT NOT NULL DEFAULT '{}',
  machine TEXT NOT NULL,
  notes TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX runs_by_dataset ON runs (dataset_id);
CREATE INDEX runs_by_name ON runs (name COLLATE NOCASE);
-- A handful of rows, however many runs there are.
CREATE INDEX runs_under_way ON runs (heartbeat_at) WHERE status IN ('running', 'queued');
CREATE INDEX runs_owned ON runs (owner) WHERE owner IS NOT NULL;

CREATE TABLE run_tags (
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE iterations (
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  cost REAL,
  reconstruction REAL,
  weight_decay REAL,
  sparsity REAL,
  gradient_norm REAL,
  step_length REAL,
  evaluations INTEGER NOT NULL,
  elapsed_ms REAL NOT NULL,
  rho_hat_min REAL,
  rho_hat_lower REAL,
  rho_hat_median REAL,
  rho_hat_upper REAL,
  rho_hat_max REAL,
  rho_hat_mean REAL,
  PRIMARY KEY (run_id, iteration)
) STRICT, WITHOUT ROWID;

CREATE TABLE rho_hats (
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  -- float32, one value a hidden unit
  rho_hat BLOB NOT NULL,
  PRIMARY KEY (run_id, iteration)
) STRICT;

CREATE TABLE snapshots (
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  -- float32 theta [W1 h×n, W2 n×h, b1, b2]
  blob_hash TEXT NOT NULL,
  rho_hat BLOB NOT NULL,
  PRIMARY KEY (run_id, iteration)
) STRICT;
CREATE INDEX snapshots_by_blob ON snapshots (blob_hash);

CREATE TABLE checkpoints (
  run_id INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  blob_hash TEXT NOT NULL,
  iteration INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX checkpoints_by_blob ON checkpoints (blob_hash);

-- Every column that names a blob; a blob in none of them is rubbish.
CREATE VIEW blob_uses (hash) AS
  SELECT hash FROM datasets
  UNION ALL SELECT positions_hash FROM datasets
  UNION ALL SELECT whitening_hash FROM datasets
  UNION ALL SELECT preview_before_hash FROM datasets
  UNION ALL SELECT preview_after_hash FROM datasets
  UNION ALL SELECT blob_hash FROM snapshots
  UNION ALL SELECT blob_hash FROM checkpoints;
`,
}
