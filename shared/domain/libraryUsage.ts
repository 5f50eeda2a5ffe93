/** What a library takes on disk. */
export interface LibraryUsage {
  /** The SQLite file: settings, series, thumbnails. */
  databaseBytes: number
  /** Patches, weights and checkpoints. */
  blobBytes: number
  /** Of `blobBytes`, what nothing uses. */
  unusedBytes: number
}

/** What cleaning up has removed. */
export interface CleanedLibrary {
  blobs: number
  freedBytes: number
}
