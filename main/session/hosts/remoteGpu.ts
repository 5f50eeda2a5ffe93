import type { EngineFactory, EngineSettings, EngineShape } from '#main/engine/engine.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { GpuProbe } from './gpuProtocol.ts'

/**
 * The GPU for a process that does not reach it itself: it can be chosen here, and then computes elsewhere.
 * @param measure  asks who reaches it; null where it cannot compute that
 */
export function remoteGpu(
  probe: GpuProbe,
  measure: (shape: EngineShape, settings: EngineSettings) => Promise<number | null>,
): EngineFactory {
  return {
    name: 'gpu',
    probe: async () => probe,
    async measure(shape, settings) {
      const workMs = await measure(shape, settings)
      if (workMs === null) throw new LabError('engineUnavailable', 'The GPU cannot compute this network.')
      return workMs
    },
    async create() {
      throw new LabError('engineUnavailable', 'The GPU is reached through a window of the app.')
    },
  }
}
