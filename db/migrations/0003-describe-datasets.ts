/** What a user notes about a dataset, and how it can be made again. */
export const describeDatasets = {
  version: 3,
  name: 'describe-datasets',
  // Remarks are the notes; queries that join runs, which have notes, need no table name so.
  // A recipe is JSON: source and sampling; NULL where it is not known, as for every dataset before.
  sql: `
ALTER TABLE datasets ADD COLUMN recipe TEXT;
ALTER TABLE datasets ADD COLUMN derived_from INTEGER REFERENCES datasets ON DELETE SET NULL;
ALTER TABLE datasets ADD COLUMN remarks TEXT NOT NULL DEFAULT '';
CREATE INDEX datasets_by_origin ON datasets (derived_from) WHERE derived_from IS NOT NULL;
`,
}
