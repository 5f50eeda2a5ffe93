/** Labels of patches, names of values, and what was found and done on importing. */
export const keepLabels = {
  version: 9,
  name: 'keep-labels',
  // labels_hash: a blob, int32, the index of each patch's class. classes: JSON, name and count of each. column_names,
  // import_remarks: JSON, texts. NULL where there are none.
  sql: `
ALTER TABLE datasets ADD COLUMN labels_hash TEXT;
ALTER TABLE datasets ADD COLUMN classes TEXT;
ALTER TABLE datasets ADD COLUMN column_names TEXT;
ALTER TABLE datasets ADD COLUMN import_remarks TEXT;

DROP VIEW blob_uses;
-- Every column that names a blob; a blob in none of them is rubbish.
CREATE VIEW blob_uses (hash) AS
  SELECT hash FROM datasets
  UNION ALL SELECT positions_hash FROM datasets
  UNION ALL SELECT whitening_hash FROM datasets
  UNION ALL SELECT labels_hash FROM datasets
  UNION ALL SELECT preview_before_hash FROM datasets
  UNION ALL SELECT preview_after_hash FROM datasets
  UNION ALL SELECT blob_hash FROM snapshots
  UNION ALL SELECT blob_hash FROM checkpoints;
`,
}
