import { LabError } from '#shared/domain/labError.ts'
import type { EngineFactory } from '../engine.ts'

const reason = 'The GPU engine is not part of this version.'

/** gpu.js on WebGPU or WebGL2. */
export const gpuEngine: EngineFactory = {
  name: 'gpu',
  probe: async () => ({ available: false, device: 'none', reason }),
  async create() {
    throw new LabError(
      'engineUnavailable',
      `${reason} Choose "auto" to take the fastest engine that is here.`,
    )
  },
}
