/** Average activation of every hidden unit at some recorded iterations. */
export interface RhoHatMap {
  /** Ascending. */
  iteration: Float64Array
  /** h */
  hidden: number
  /** As many as iterations × h, row-major. */
  rhoHat: Float32Array
}
