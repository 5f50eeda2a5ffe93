import { chooseEngine } from '#main/engine/engines.ts'
import type { EngineShape } from '#main/engine/engine.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import type { LiveMessage } from '#shared/ipc/contract.ts'
import type { FromSession, LivePort, SessionStart, ToSession } from '../protocol.ts'
import { runSession } from '../runSession.ts'

export interface HostPort {
  post(message: FromSession): void
  onMessage(listener: (message: ToSession) => void): void
}

/**
 * One session over a host's port: waits for `start`, trains, posts `ended`.
 * @param readPatches reads the file of patches in the way the host can
 * @returns addWatcher, for windows that come to watch; what it returns takes the watcher away again
 */
export function serveSession(port: HostPort, readPatches: (path: string) => Promise<Float32Array>) {
  const watchers = new Set<LivePort>()
  let stopped = false

  async function serve(start: SessionStart) {
    const { config } = start
    const shape: EngineShape = {
      m: start.m,
      n: start.n,
      h: config.hidden,
      batch: Math.min(config.batch, start.m),
    }
    try {
      const { factory, reason } = await chooseEngine(config.engine, shape)
      const engine = await factory.create(shape, {
        hyper: config,
        optimiser: config.optimiser,
        momentum: config.momentum,
        rhoHatDecay: config.rhoHatDecay,
      })
      await engine.setPatches(await readPatches(start.patchesPath))
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
        stopped: () => stopped,
      }
      await runSession(job, engine, { post: port.post, live })
      await engine.dispose()
    } catch (error) {
      port.post({ type: 'ended', status: 'failed', outcome: null, error: toErrorReply(error) })
    }
  }

  port.onMessage((message) => {
    if (message.type === 'stop') stopped = true
    else void serve(message)
  })
  return {
    addWatcher(watcher: LivePort) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}
