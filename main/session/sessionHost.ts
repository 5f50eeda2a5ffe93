import type { FromSession, ToSession } from './protocol.ts'
import type { SessionExit } from './sessionExit.ts'

/** A process (or thread) that carries out one session, as the supervisor sees it. */
export interface SessionHost<WatchPort> {
  post(message: ToSession): void
  onMessage(listener: (message: FromSession) => void): void
  /** Called once. */
  onExit(listener: (exit: SessionExit) => void): void
  /** Hands the session a port on which a window watches (see LiveMessage). */
  watch(port: WatchPort): void
  kill(): void
}

export type LaunchSession<WatchPort> = (runId: number) => SessionHost<WatchPort>
