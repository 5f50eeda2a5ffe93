export interface Work {
  /** Runs in training, paused or waiting for their turn. */
  runs: number
  importing: boolean
}

/** What the user wants of the work that closing would cut short. */
export type ClosingAnswer = 'stop' | 'goOn' | 'cancel'

export interface ClosingOptions {
  /** What would be cut short. */
  busy(): Work
  ask(busy: Work): Promise<ClosingAnswer>
  /** Whether runs go on without a question when the window is closed. */
  keepsTraining(): boolean
  /** Hides the window; the work goes on. */
  hide(): void
  /** Whether it is hidden so. */
  isInBackground(): boolean
  /** Stops all work, runs with a checkpoint. */
  stop(): Promise<void>
  /** Ends the app; what it asks in turn is let through. */
  quit(): void
}

interface CloseEvent {
  preventDefault(): void
}

export interface Closing {
  /** The window is to close: prevented while there is work, until that has stopped. */
  closeWindow(event: CloseEvent): void
  /** The app is to quit: the same, but never without a question. */
  quitApp(event: CloseEvent): void
  /** Work has ended or begun: without a window the app ends with the last of it. */
  workChanged(): void
  /** The system ends us: stops all work and quits without a question. */
  now(): Promise<void>
}

/** Nobody loses a run by closing the window. */
export function createClosing(options: ClosingOptions): Closing {
  const { busy, ask, keepsTraining, hide, isInBackground, stop, quit } = options
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

  function request(event: CloseEvent, mayGoOn: boolean) {
    if (state === 'done') return
    event.preventDefault()
    if (state !== 'open') return
    const work = busy()
    if (work.runs === 0 && !work.importing) return void finish()
    if (mayGoOn && work.runs > 0) return hide()
    state = 'asking'
    void ask(work).then(take, () => take('cancel'))
  }

  function take(answer: ClosingAnswer) {
    if (state !== 'asking') return
    if (answer === 'stop') return void finish()
    state = 'open'
    if (answer === 'goOn') {
      hide()
      workChanged()
    }
  }

  function workChanged() {
    if (state !== 'open' || !isInBackground()) return
    const work = busy()
    if (work.runs === 0 && !work.importing) void finish()
  }

  return {
    closeWindow: (event) => request(event, keepsTraining()),
    quitApp: (event) => request(event, false),
    workChanged,
    async now() {
      if (state === 'open' || state === 'asking') await finish()
    },
  }
}
