import type { IKernelRunShortcut, Texture } from 'gpu.js'
import { LabError } from '#shared/domain/labError.ts'
import { webGl2Adapter } from './adapter.ts'
import { deviceLost, type GpuDevice, type GpuKernel, type KernelText, type Resident } from './gpuDevice.ts'

type GpuJs = typeof import('gpu.js')

/** gpu.js on WebGL2, for systems whose browser has no WebGPU: the same kernels as fragment shaders over textures. */
export async function openWebGl2(gpuJs: GpuJs, versions: Record<string, string>): Promise<GpuDevice> {
  const gpu = new gpuJs.GPU({ mode: 'webgl2' })
  const gl = contextOf(gpuJs, gpu)
  const kernels: IKernelRunShortcut[] = []

  /** Calls a kernel, whose first call compiles it; what cannot be compiled for the GPU must not run elsewhere. */
  function create(source: string, output: number[]): (...inputs: unknown[]) => Texture {
    const run = gpu.createKernel(source, { output, precision: 'single', pipeline: true, immutable: false })
    kernels.push(run)
    return (...inputs) => {
      const texture = run(...(inputs as never[])) as Texture
      if (gl.isContextLost()) throw deviceLost(null)
      if (!(run.kernel instanceof gpuJs.WebGL2Kernel)) throw refused(`it took ${run.kernel.constructor.name}`)
      return texture
    }
  }

  return {
    backend: 'gpu.js WebGL2',
    adapter: webGl2Adapter(gl),
    versions,
    perThread: 1,

    compile({ source, columns, rows = 1, layers = 1 }: KernelText): GpuKernel {
      const output =
        layers > 1 ? [columns, rows, layers] : rows > 1 || source.includes(y) ? [columns, rows] : [columns]
      const run = create(source, output)
      return async (...inputs) => run(...inputs) as unknown as Resident
    },

    store(columns, rows = 1) {
      const copy = create(
        `function (values) { return values[${rows > 1 ? `${y}][` : ''}this.thread.x]; }`,
        rows > 1 ? [columns, rows] : [columns],
      )
      return async (values) => {
        // gpu.js takes typed arrays where its types say number[].
        const given = (values ?? new Float32Array(columns * rows)) as unknown as number[]
        const input = new gpuJs.Input(given, rows > 1 ? [columns, rows] : [columns])
        return copy(input) as unknown as Resident
      }
    },

    async read(values) {
      const arrays = values.map((value) => flat((value as unknown as Texture).toArray()))
      if (gl.isContextLost()) throw deviceLost(null)
      return arrays
    },

    async checked(work) {
      while (gl.getError() !== gl.NO_ERROR) continue
      const result = await work()
      const error = gl.getError()
      if (error === gl.CONTEXT_LOST_WEBGL) throw deviceLost(null)
      if (error !== gl.NO_ERROR) {
        throw refused(error === gl.OUT_OF_MEMORY ? 'out of memory' : `WebGL error ${error}`)
      }
      return result
    },

    async dispose() {
      for (const kernel of kernels) kernel.destroy()
      await gpu.destroy()
    },
  }
}

const y = 'this.thread.y'

/** What kernels share; known to gpu.js once there is a kernel. */
function contextOf(gpuJs: GpuJs, gpu: InstanceType<GpuJs['GPU']>): WebGL2RenderingContext {
  const first = gpu.createKernel('function () { return 1; }', { output: [1], precision: 'single' })
  first()
  const { context } = first.kernel as unknown as { context: unknown }
  if (first.kernel instanceof gpuJs.WebGL2Kernel && context) return context as WebGL2RenderingContext
  throw new Error('WebGL2 cannot compute here')
}

type Values = Float32Array | Float32Array[] | Float32Array[][]

function flat(values: unknown): Float32Array {
  const given = values as Values
  if (given instanceof Float32Array) return given
  const parts = given.map((part: Float32Array | Float32Array[]) => flat(part))
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const refused = (reason: string): LabError =>
  new LabError(
    'engineUnavailable',
    `The graphics device refused this network (${reason}); take fewer patches or another engine.`,
  )
