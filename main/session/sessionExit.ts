/** How a process ended: by its own will, with an error that it named, or in one of three ways that it could not name. */
export type ExitKind = 'ended' | 'failed' | 'crashed' | 'killed' | 'outOfMemory'

export interface SessionExit {
  kind: ExitKind
  /** How it ended and what to do about it, one sentence; empty for `ended`. */
  reason: string
}
