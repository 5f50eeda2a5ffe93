export interface ClosingOptions {
  /** What would be cut short: runs in training, and whether an import is under way. */
  busy(): { runs: number; importing: boolean }
  /** Whether the user says to stop and close. */
  ask(busy: { runs: number; importing: boolean }): Promise<boolean>
  /** Stops all work, runs with a checkpoint. */
  stop(): Promise<void>
  /** Ends the app; what it asks in turn is let through. */
  quit(): void
}

export interface Closing {
  /** The window is to close, or the app to quit: prevented while there is work, until that has stopped. */
  request(event: { preventDefault(): void }): void
  /** The system ends us: stops all work and quits without a question. */
  now(): Promise<void>
}

/** Nobody loses a run by closing the window. */
export function createClosing({ busy, ask, stop, quit }: ClosingOptions): Closing {
  let state: 'open' | 'asking' | 'stopping' | 'done' = 'open'

  const finish = async () => {
    state = 'stopping'
    try {
      await stop()
    } finally {
      // Whatever went wrong, an app that cannot be closed would be worse.
      state = 'done'
      quit()
    }
  }

  return {
    request(event) {
      if (state === 'done') return
      event.preventDefault()
      if (state !== 'open') return
      const work = busy()
      if (work.runs === 0 && !work.importing) {
        void finish()
        return
      }
      state = 'asking'
      void ask(work).then(
        (agreed) => (agreed && state === 'asking' ? finish() : reopen()),
        () => reopen(),
      )
    },
    async now() {
      if (state === 'open' || state === 'asking') await finish()
    },
  }

  function reopen(): void {
    if (state === 'asking') state = 'open'
  }
}
