/** A paused run is under way too. Heartbeats count by the machine's own clock from here on (db/clock.ts). */
export const pauseRuns = {
  version: 4,
  name: 'pause-runs',
  // stop_requested: 1 with a checkpoint, 2 at once.
  sql: `
DROP INDEX runs_under_way;
CREATE INDEX runs_under_way ON runs (heartbeat_at) WHERE status IN ('running', 'paused', 'queued');
`,
}
