/**
 * Share of the patches' variance that a network reconstructs: 1 for no error, 0 for an error as large as that of the
 * mean patch; less for a worse one.
 * @param reconstruction  the cost's term, mean over patches of ½‖h(x) − x‖²
 * @param variance        mean over patches of ‖x − mean‖²
 * @returns NaN where the patches do not vary
 */
export const varianceExplained = (reconstruction: number, variance: number): number =>
  variance > 0 ? 1 - (2 * reconstruction) / variance : NaN
