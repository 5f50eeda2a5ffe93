/** Every name that a bundle's file may have: no path of it leads anywhere else. */
export const bundleFilePattern =
  /^(datasets|runs)\/\d{1,5}\/(snapshots\/\d{1,16}|[A-Za-z]{1,30})\.(npy|npz|bin)$/

export const manifestName = 'manifest.json'

/** Files of the dataset in place `k`. */
export const datasetFiles = (k: number) => ({
  /** float32, m × n */
  patches: `datasets/${k}/patches.npy`,
  /** int32, m × 3: image, x, y */
  positions: `datasets/${k}/positions.npy`,
  /** int32, m: the place of each patch's class in the manifest's list */
  labels: `datasets/${k}/labels.npy`,
  /** float32, n × n */
  whitening: `datasets/${k}/whitening.npy`,
  /** float32, count × n */
  previewBefore: `datasets/${k}/previewBefore.npy`,
  previewAfter: `datasets/${k}/previewAfter.npy`,
  /** RGBA of all thumbnails, one after the other. */
  thumbnails: `datasets/${k}/thumbnails.bin`,
})

/** Files of the run in place `k`. */
export const runFiles = (k: number) => ({
  /** float64, iterations × columns; the manifest names the columns */
  metrics: `runs/${k}/metrics.npy`,
  /** float64, one iteration a row of `rhoHat` */
  rhoHatIterations: `runs/${k}/rhoHatIterations.npy`,
  /** float32, count × h */
  rhoHat: `runs/${k}/rhoHat.npy`,
  /** float32, snapshots × h */
  snapshotRhoHat: `runs/${k}/snapshotRhoHat.npy`,
  /** float32 theta [W1 h×n, W2 n×h, b1, b2] */
  snapshot: (iteration: number) => `runs/${k}/snapshots/${iteration}.npy`,
  /** The newest weights for other programs. */
  weights: `runs/${k}/weights.npz`,
  checkpoint: `runs/${k}/checkpoint.bin`,
})
