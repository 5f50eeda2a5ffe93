/** What other processes can see and ask of a queue: the order of what waits, and to pause or continue a run. */
export const tellTheQueue = {
  version: 8,
  name: 'tell-the-queue',
  // turn orders the runs that wait in one owner's queue. pause_requested: 1 to pause, 0 to continue; NULL once done.
  sql: `
ALTER TABLE runs ADD COLUMN turn INTEGER;
ALTER TABLE runs ADD COLUMN pause_requested INTEGER;
`,
}
