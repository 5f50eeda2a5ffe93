import { isMainThread } from 'node:worker_threads'

export type OnnxRuntime = typeof import('onnxruntime-node')

/** Read once, by native code, when the library is loaded. */
const telemetryOff = 'ORT_DISABLE_TELEMETRY'

/**
 * Turns off what ONNX Runtime would otherwise do in every process that loads it: keep an id of this machine and a queue
 * of events in the user's cache folder, and send them to Microsoft.
 *
 * Native code reads the environment of the process, of which a thread has but a copy: whoever starts a thread that may
 * compute calls this first.
 */
export function turnTelemetryOff(): void {
  process.env[telemetryOff] = '1'
}

/**
 * ONNX Runtime, which nothing else loads.
 * @throws Error in a thread of a process that would tell of its use, and where the library cannot be loaded
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  if (isMainThread) turnTelemetryOff()
  if (process.env[telemetryOff] !== '1') {
    throw new Error(
      `this thread was started without ${telemetryOff}=1, with which nothing leaves the machine`,
    )
  }
  return import('onnxruntime-node').catch((error: unknown) => {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'
    throw isAbsent ? new Error(`there is none for ${process.platform} ${process.arch}`) : error
  })
}
