import { openDawn } from './dawn.ts'
import { gpuFactory } from './gpuFactory.ts'

/** gpu.js on the GPU from plain Node. The app's windows have their own way: windowGpuEngine. */
export const gpuEngine = gpuFactory(openDawn)
