import type { IKernelRunShortcut, Kernel } from 'gpu.js'
import { LabError } from '#shared/domain/labError.ts'
import { webGpuAdapter } from './adapter.ts'
import {
  deviceLost,
  tooLarge,
  type GpuDevice,
  type GpuKernel,
  type KernelText,
  type Resident,
} from './gpuDevice.ts'

type GpuJs = typeof import('gpu.js')

/** Values on the device as gpu.js's WebGPU kernels give and take them. */
interface BufferResult {
  buffer: GPUBuffer
  delete(): void
}

/** The one device that gpu.js shares between all its kernels. */
interface Context {
  adapter: GPUAdapter
  device: GPUDevice
  isLost: boolean
}

/** What gpu.js exports and does not declare. */
interface WebGpuParts {
  WebGPUKernel: new () => Kernel
  WebGPUContext: { acquire(): Promise<Context>; destroy(): Promise<void> }
  WebGPUBufferResult: new (settings: {
    buffer: GPUBuffer
    output: number[]
    componentCount: 1
    context: Context
    kernel: Kernel | null
  }) => BufferResult
}

const webGpuParts = (gpuJs: GpuJs): WebGpuParts => gpuJs as unknown as WebGpuParts

/** Lets go of gpu.js's device; the next one that is opened is new. */
export const closeWebGpu = (gpuJs: GpuJs): Promise<void> => webGpuParts(gpuJs).WebGPUContext.destroy()

/**
 * gpu.js on WebGPU. Kernels chain by hand: each writes a buffer of its own that stays on the device, and the next one
 * reads it there. (gpu.js's pipelines fuse kernels into one submission, but take no values that are already on the
 * device: patches and parameters would cross the bus at each call.)
 * @throws Error where there is no adapter
 */
export async function openWebGpu(gpuJs: GpuJs, versions: Record<string, string>): Promise<GpuDevice> {
  const { WebGPUKernel, WebGPUContext, WebGPUBufferResult } = webGpuParts(gpuJs)
  const context = await WebGPUContext.acquire()
  const { device } = context
  const gpu = new gpuJs.GPU({ mode: 'webgpu' })
  const kernels: IKernelRunShortcut[] = []
  const results: BufferResult[] = []
  let staging: GPUBuffer | null = null
  let refusal: string | null = null
  // gpu.js only prints these; what a refused kernel should have written stays zero.
  device.onuncapturederror = ({ error }) => (refusal ??= error.message)

  const wrap = (buffer: GPUBuffer, output: number[], kernel: Kernel | null): Resident => {
    const result = new WebGPUBufferResult({ buffer, output, componentCount: 1, context, kernel })
    results.push(result)
    return result as unknown as Resident
  }

  async function orLost<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      // The work is refused as soon as the device is gone, the word that it is may come a moment later.
      const gone = await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, 100, null))])
      throw gone || context.isLost ? deviceLost(error) : error
    }
  }

  return {
    backend: 'gpu.js WebGPU',
    adapter: webGpuAdapter(context.adapter),
    versions,
    perThread: 4,

    compile({ source, columns, rows = 1, layers = 1, perThread = 1 }: KernelText): GpuKernel {
      const isVector = rows === 1 && layers === 1 && perThread === 1
      const mostRows = workgroupRows * device.limits.maxComputeWorkgroupsPerDimension
      if (rows > mostRows) throw tooMany(rows, mostRows)
      const run = gpu.createKernel(source, {
        output: isVector ? [columns] : [columns / perThread, rows, layers],
        precision: 'single',
        pipeline: true,
        immutable: false,
      })
      kernels.push(run)
      let written: Resident | null = null
      return (...inputs) =>
        orLost(async () => {
          const result = (await run(...(inputs as never[]))) as unknown as BufferResult
          if (!written) {
            if (!(run.kernel instanceof WebGPUKernel)) throw notOnGpu(run.kernel)
            // A thread's vector is written as neighbouring numbers: the same buffer, read as a plain matrix.
            written = wrap(result.buffer, [columns, rows, layers], run.kernel)
          }
          result.delete()
          return written
        })
    },

    store(columns, rows = 1) {
      const sizeBytes = 4 * columns * rows
      const { maxStorageBufferBindingSize, maxBufferSize } = device.limits
      const largestBytes = Math.min(maxStorageBufferBindingSize, maxBufferSize)
      if (sizeBytes > largestBytes) throw tooLarge(sizeBytes, largestBytes)
      const buffer = device.createBuffer({
        size: sizeBytes,
        usage: usage.storage | usage.copyFrom | usage.copyTo,
      })
      const resident = wrap(buffer, [columns, rows], null)
      return (values) =>
        orLost(async () => {
          if (context.isLost) throw new Error('The device is gone.')
          // A new buffer is all zeros.
          if (values) device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>)
          return resident
        })
    },

    read: (values) =>
      orLost(async () => {
        const buffers = values.map((value) => (value as unknown as BufferResult).buffer)
        const sizeBytes = buffers.reduce((sum, { size }) => sum + size, 0)
        if (!staging || staging.size < sizeBytes) {
          staging?.destroy()
          staging = device.createBuffer({ size: sizeBytes, usage: usage.mapRead | usage.copyTo })
        }
        const encoder = device.createCommandEncoder()
        let at = 0
        for (const buffer of buffers) {
          encoder.copyBufferToBuffer(buffer, 0, staging, at, buffer.size)
          at += buffer.size
        }
        device.queue.submit([encoder.finish()])
        await staging.mapAsync(mapModeRead, 0, sizeBytes)
        if (refusal !== null) throw refused(refusal)
        const copy = staging.getMappedRange(0, sizeBytes).slice(0)
        staging.unmap()
        at = 0
        return buffers.map(({ size }) => new Float32Array(copy, (at += size) - size, size / 4))
      }),

    async checked(work) {
      device.pushErrorScope('out-of-memory')
      device.pushErrorScope('validation')
      let result
      let errors: (GPUError | null)[] = []
      try {
        result = await work()
      } finally {
        errors = await Promise.all([device.popErrorScope(), device.popErrorScope()]).catch(() => [])
      }
      const error = errors.find((error) => error !== null)
      if (error) throw refused(error.message)
      return result
    },

    async dispose() {
      for (const result of results) result.delete()
      for (const kernel of kernels) kernel.destroy()
      staging?.destroy()
      await gpu.destroy()
    },
  }
}

// The values are fixed by the standard; the names are global only where a browser has put them.
const usage = { mapRead: 0x0001, copyFrom: 0x0004, copyTo: 0x0008, storage: 0x0080 }
const mapModeRead = 0x0001
/** Rows of a workgroup, as gpu.js makes them. */
const workgroupRows = 8

const notOnGpu = (kernel: Kernel): LabError =>
  new LabError(
    'engineUnavailable',
    `gpu.js could not compile this network for the GPU (it took ${kernel.constructor.name}); choose another engine.`,
  )

const tooMany = (rows: number, mostRows: number): LabError =>
  new LabError(
    'engineUnavailable',
    `This graphics device takes ${mostRows} patches at once and the run has ${rows}; choose another engine.`,
  )

const refused = (message: string): LabError =>
  new LabError(
    'engineUnavailable',
    `The graphics device refused this network (${message.split('\n')[0]}); take fewer patches or another engine.`,
  )
