import {
  reproducing,
  type EngineFactory,
  type EngineSettings,
  type EngineShape,
} from '#main/engine/engine.ts'
import type { EngineDescription } from '#shared/domain/run.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'
import { partError, type PartProblem } from '#shared/domain/storedPart.ts'
import type { LiveMessage } from '#shared/ipc/contract.ts'
import { heldOutCount } from '#shared/model/heldOutCount.ts'
import { holdOut } from '#shared/model/holdOut.ts'
import type { FromSession, LivePort, SessionStart, ToSession } from '../protocol.ts'
import { failedEnd } from '../failedEnd.ts'
import { createValidation } from '../validation.ts'
import { runSession } from '../runSession.ts'
import { createSessionOrders } from '../sessionOrders.ts'

export interface HostPort {
  post(message: FromSession): void
  onMessage(listener: (message: ToSession) => void): void
}

/** Patches as they were found. */
export interface ReadPatches {
  values: Float32Array
  /** Hexadecimal. */
  sha256: string
}

/** What a host can do for its session. */
export interface HostServices {
  /** Reads the patches from where the start message says they are, and what their SHA-256 is; or why it cannot. */
  readPatches(path: string): Promise<ReadPatches | PartProblem>
  /** As main/engine/engines.ts does it; null where another host is to carry out the session. */
  choose(
    choice: EngineChoice,
    shape: EngineShape,
    settings: EngineSettings,
    before: EngineDescription | null,
  ): Promise<{ factory: EngineFactory; settings: EngineSettings; reason: string } | null>
}

/**
 * One session over a host's port: waits for `start`, trains, posts `ended`.
 * @returns addWatcher, for windows that come to watch; what it returns takes the watcher away again
 */
export function serveSession(port: HostPort, { readPatches, choose }: HostServices) {
  const watchers = new Set<LivePort>()
  const orders = createSessionOrders()

  /** @throws LabError badInput where they are not those that the library's run learns from */
  async function checkedPatches({ patches: { path, hash, part } }: SessionStart): Promise<Float32Array> {
    const read = await readPatches(path)
    if (typeof read === 'string') throw partError(part, read)
    if (read.sha256 !== hash) throw partError(part, 'damaged')
    return read.values
  }

  async function serve(start: SessionStart) {
    const { config } = start
    const held = heldOutCount(start.m, config.validation)
    const m = start.m - held
    const shape: EngineShape = { m, n: start.n, h: config.hidden, batch: Math.min(config.batch, m) }
    try {
      const chosen = await choose(
        config.engine,
        shape,
        {
          hyper: config,
          optimiser: config.optimiser,
          momentum: config.momentum,
          rhoHatDecay: config.rhoHatDecay,
          ...(start.threads === null ? {} : { threads: start.threads }),
        },
        start.engine,
      )
      if (!chosen) return
      const { factory, settings, reason } = chosen
      const engine = await factory.create(shape, settings)
      const split = { m: start.m, count: held, seed: config }
      const { training, heldOut } = holdOut(await checkedPatches(start), start.n, split)
      await engine.setExamples(reproducing(training))
      const validation = held > 0 ? await createValidation(factory, shape, settings, heldOut) : null
      const { versions, ...description } = engine.describe()
      port.post({ type: 'engine', engine: { ...description, reason }, versions })
      const live = {
        watched: () => watchers.size > 0,
        post: (message: LiveMessage) => watchers.forEach((watcher) => watcher.post(message)),
      }
      const job = {
        config,
        shape,
        checkpoint: start.checkpoint,
        theta: start.initialTheta,
        checkpointMs: start.checkpointMs,
        validate: validation?.validate,
        stopAfter: start.stopAfter,
        stopped: orders.stopped,
        pause: orders.pause,
      }
      await runSession(job, engine, { post: port.post, live })
      await engine.dispose()
      await validation?.dispose()
    } catch (error) {
      port.post(failedEnd(error))
    }
  }

  port.onMessage((message) => {
    if (message.type === 'start') void serve(message)
    else orders.hear(message)
  })
  return {
    addWatcher(watcher: LivePort) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}
