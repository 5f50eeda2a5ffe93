import { LabError } from '#shared/domain/labError.ts'

declare const resident: unique symbol

/** Numbers that lie on the graphics device, row-major; only the device that holds them knows what is behind it. */
export interface Resident {
  readonly [resident]: true
}

/** One kernel in gpu.js's language, and the extent of its output. */
export interface KernelText {
  source: string
  columns: number
  rows?: number
  layers?: number
  /** Neighbouring columns that a thread computes and returns as a vector; one where absent. */
  perThread?: 1 | 4
}

/**
 * Puts the kernel in the device's queue. The values it returns stay on the device and are overwritten by its next
 * call. A kernel must not read what it wrote itself.
 */
export type GpuKernel = (...inputs: (Resident | number)[]) => Promise<Resident>

/** Puts values on the device, over those that were there. @param values  columns × rows of them; zeros where absent */
export type GpuStore = (values?: Float32Array) => Promise<Resident>

export interface Adapter {
  /** e.g. "NVIDIA GeForce RTX 4070", as far as the system tells. */
  name: string
  /** Whether there is a real GPU behind it; a software adapter computes the same on the processor, slowly. */
  hardware: boolean
}

/** gpu.js on one graphics API. Everything rejects with `deviceLost` once the device is lost. */
export interface GpuDevice {
  /** e.g. "gpu.js WebGPU" */
  backend: string
  adapter: Adapter
  versions: Record<string, string>
  /** How many columns a thread of a product computes here at best. */
  perThread: 1 | 4
  compile(kernel: KernelText): GpuKernel
  /** @throws LabError engineUnavailable where the device does not take that much in one piece */
  store(columns: number, rows?: number): GpuStore
  /** Waits for the device. @returns a copy of each, as flat arrays */
  read(values: readonly Resident[]): Promise<Float32Array[]>
  /** @throws LabError engineUnavailable where the device refused any of the work: it would leave zeros and no error */
  checked<T>(work: () => Promise<T>): Promise<T>
  /** Frees what was compiled and stored. */
  dispose(): Promise<void>
}

/** @param cause  what the graphics API said */
export const deviceLost = (cause: unknown): LabError =>
  new LabError('deviceLost', 'The graphics device was lost. Resume on another engine.', { cause })

export const tooLarge = (neededBytes: number, largestBytes: number): LabError =>
  new LabError(
    'engineUnavailable',
    `One array of this run takes ${megabytes(neededBytes)} MB and this graphics device allows ${megabytes(largestBytes)} MB; ` +
      'take fewer patches or another engine.',
  )

const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20)
