/** Where a run's first weights came from. */
export const recordInitialWeights = {
  version: 5,
  name: 'record-initial-weights',
  // JSON; NULL where they were random, as far as is known: runs before did not say.
  sql: `
ALTER TABLE runs ADD COLUMN initial_weights TEXT;
`,
}
