/**
 * `RHO_LAB_THOROUGH=1 npm test` is for a night: with tests of sizes that take half a minute each, and properties over
 * more cases.
 */
export const thorough = Boolean(process.env['RHO_LAB_THOROUGH'])

/** How often a property is tried: `runs` at a night, a share of it otherwise. */
export const tries = (runs: number): number => (thorough ? runs : Math.ceil(runs / 5))
