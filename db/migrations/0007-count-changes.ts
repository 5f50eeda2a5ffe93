/** Gives every change of a run a number, so that lists read what is new; archived and deleted runs; views of the table. */
const stamp = (runId: string) => `
  UPDATE library SET revision = revision + 1;
  UPDATE runs SET revision = (SELECT revision FROM library) WHERE id = ${runId};`

export const countChanges = {
  version: 7,
  name: 'count-changes',
  // Writers take turns, so revisions are in the order of commits. Whoever writes a run, whichever process, stamps it.
  sql: `
ALTER TABLE library ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN archived_at TEXT;
-- Deleted, but to be had back for a while (ms since 1970): nothing but the trash sees such a run.
ALTER TABLE runs ADD COLUMN deleted_at INTEGER;
CREATE INDEX runs_by_revision ON runs (revision);
CREATE INDEX runs_deleted ON runs (deleted_at) WHERE deleted_at IS NOT NULL;
DROP INDEX runs_by_dataset;
CREATE INDEX runs_by_dataset ON runs (dataset_id, deleted_at);

CREATE TABLE removed_runs (
  revision INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  PRIMARY KEY (revision, run_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER run_inserted AFTER INSERT ON runs BEGIN ${stamp('NEW.id')} END;
CREATE TRIGGER run_updated AFTER UPDATE ON runs WHEN NEW.revision = OLD.revision BEGIN ${stamp('NEW.id')} END;
CREATE TRIGGER run_removed AFTER DELETE ON runs BEGIN
  UPDATE library SET revision = revision + 1;
  INSERT INTO removed_runs SELECT revision, OLD.id FROM library;
END;
-- What a list shows of a run and is not in its row.
CREATE TRIGGER run_tagged AFTER INSERT ON run_tags BEGIN ${stamp('NEW.run_id')} END;
CREATE TRIGGER run_untagged AFTER DELETE ON run_tags BEGIN ${stamp('OLD.run_id')} END;
CREATE TRIGGER checkpoint_inserted AFTER INSERT ON checkpoints BEGIN ${stamp('NEW.run_id')} END;
CREATE TRIGGER checkpoint_removed AFTER DELETE ON checkpoints BEGIN ${stamp('OLD.run_id')} END;
CREATE TRIGGER dataset_renamed AFTER UPDATE OF name ON datasets BEGIN
  UPDATE library SET revision = revision + 1;
  UPDATE runs SET revision = (SELECT revision FROM library) WHERE dataset_id = NEW.id;
END;

CREATE TABLE table_views (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  -- JSON: query, order, groups and columns
  view TEXT NOT NULL
) STRICT;
`,
}
