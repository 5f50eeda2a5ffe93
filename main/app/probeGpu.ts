import type { EngineSettings, EngineShape } from '#main/engine/engine.ts'
import type { FromWindow, GpuProbe, ToWindow } from '#main/session/hosts/gpuProtocol.ts'
import type { ComputeWindows } from './computeWindow.ts'

/** A driver that has not answered by then will not; compiling for a shape takes a second or so. */
const probeLimitMs = 15_000
const measureLimitMs = 30_000

export interface Gpu {
  /** What a window found out about the GPU; asked once. */
  probe(): Promise<GpuProbe>
  /** One gradient or mini-batch step there, milliseconds; null where it cannot be computed. */
  measure(shape: EngineShape, settings: EngineSettings): Promise<number | null>
}

export function createGpu(windows: ComputeWindows): Gpu {
  let known: Promise<GpuProbe> | null = null
  return {
    probe: () =>
      (known ??= ask(windows, 'The look at the GPU', { type: 'probe' }, 'probed', probeLimitMs).then(
        (reply) => (typeof reply === 'string' ? unavailable(reply) : reply.probe),
      )),
    async measure(shape, settings) {
      const message: ToWindow = { type: 'measure', shape, settings }
      const reply = await ask(windows, 'The measurement of the GPU', message, 'measured', measureLimitMs)
      return typeof reply === 'string' ? null : reply.workMs
    },
  }
}

/** Asks a window of its own. @returns the answer, or why there is none: one sentence */
async function ask<T extends 'probed' | 'measured'>(
  windows: ComputeWindows,
  name: string,
  message: ToWindow,
  answer: T,
  limitMs: number,
): Promise<Extract<FromWindow, { type: T }> | string> {
  const window = windows.open(name)
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      new Promise<Extract<FromWindow, { type: T }>>((resolve) => {
        window.onMessage((said) => {
          if (said.type === answer) resolve(said as Extract<FromWindow, { type: T }>)
        })
        window.post(message)
      }),
      window.ended.then(({ reason }) => reason),
      new Promise<string>((resolve) => {
        const late = `The graphics system did not answer within ${limitMs / 1000} seconds.`
        timer = setTimeout(resolve, limitMs, late)
      }),
    ])
  } finally {
    clearTimeout(timer)
    window.end()
  }
}

const unavailable = (reason: string): GpuProbe => ({
  available: false,
  device: 'none',
  reason,
  hardware: false,
})
