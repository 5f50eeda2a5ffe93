import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { MessagePortMain } from 'electron'
import { cleanExit, type Exit } from '#main/app/exitReason.ts'
import { createSessionLauncher } from '#main/app/launchSession.ts'
import type { FromUtility, FromWindow, GpuProbe } from '#main/session/hosts/gpuProtocol.ts'
import type { FromSession, SessionStart } from '#main/session/protocol.ts'
import type { SessionExit } from '#main/session/sessionExit.ts'
import { defaultConfig, type EngineChoice } from '#shared/domain/runConfig.ts'

// Stands in for the processes at the other end; that the real ones behave so is what test/e2e/gpu.spec.ts shows.
function process<Said>() {
  const listeners: ((message: Said) => void)[] = []
  const heard: unknown[] = []
  let leave!: (exit: Exit) => void
  const ended = new Promise<Exit>((resolve) => (leave = resolve))
  return {
    heard,
    says: (message: Said) => listeners.forEach((listener) => listener(message)),
    leave,
    ended,
    end: vi.fn<() => void>(() => leave(cleanExit)),
    post: (message: unknown, ports: unknown[] = []) =>
      void heard.push(ports.length > 0 ? [message, ports] : message),
    listen: (listener: (message: Said) => void) => void listeners.push(listener),
  }
}

const hardware: GpuProbe = { available: true, device: 'a card', reason: 'It is there.', hardware: true }
const ending: FromSession = { type: 'ended', status: 'finished', outcome: 'converged', error: null }
const port = {} as MessagePortMain
const settled = () => new Promise((resolve) => setTimeout(resolve))

let utility: ReturnType<typeof process<FromUtility>>
let window: ReturnType<typeof process<FromWindow>>
let probe: GpuProbe
let measuredMs: number | null
beforeEach(() => {
  utility = process()
  window = process()
  probe = hardware
  measuredMs = 2
})

function launch(engine: EngineChoice) {
  const host = createSessionLauncher({
    startUtility: () => ({
      child: { postMessage: utility.post, on: (_: string, listen: never) => utility.listen(listen) } as never,
      ended: utility.ended,
      end: utility.end,
    }),
    windows: {
      open: () => ({
        post: window.post,
        onMessage: window.listen,
        ended: window.ended,
        end: window.end,
      }),
      offerFile: (path) => `address of ${path}`,
    },
    gpu: { probe: async () => probe, measure: async () => measuredMs },
  })(1)
  const part = { kind: 'patches', id: 1, name: 'photos' } as const
  const patches = { path: 'blob', hash: 'ab', part }
  const start = { type: 'start', config: { ...defaultConfig, engine }, patches } as SessionStart
  const messages: FromSession[] = []
  const exits: SessionExit[] = []
  host.onMessage((message) => messages.push(message))
  host.onExit((exit) => exits.push(exit))
  host.post(start)
  return { host, start, messages, exits }
}

const fetching = (start: SessionStart): SessionStart => ({
  ...start,
  patches: { ...start.patches, path: 'address of blob' },
})

test('a run for the GPU is carried out by a window, which is told where to fetch the patches', async () => {
  const { host, start, messages, exits } = launch('gpu')
  await settled()
  host.watch(port)
  host.post({ type: 'stop' })
  expect(utility.heard).toEqual([])
  expect(window.heard).toEqual([
    { type: 'session', start: fetching(start), reason: 'Chosen by name.' },
    [{ type: 'watch' }, [port]],
    { type: 'stop' },
  ])
  window.says(ending)
  expect(messages).toEqual([ending])
  window.leave({ clean: false, kind: 'crashed', reason: 'It crashed.' })
  await settled()
  expect(exits).toEqual([{ clean: false, kind: 'crashed', reason: 'It crashed.' }])
})

test.each(['onnx', 'wasm', 'reference'] as const)('a run for %s never asks for the GPU', async (engine) => {
  const { start } = launch(engine)
  await settled()
  expect(utility.heard).toEqual([start])
  expect(window.heard).toEqual([])
})

describe('auto', () => {
  test.each([
    ['no GPU', { ...hardware, available: false }],
    ['a software adapter', { ...hardware, hardware: false }],
  ])('tells the session nothing of %s', async (_what, found) => {
    probe = found
    const { host, start } = launch('auto')
    host.watch(port)
    await settled()
    expect(utility.heard).toEqual([start, [{ type: 'watch' }, [port]]])
  })

  test('measures the GPU when the session asks, and stays where it is while that is slower', async () => {
    const { host, messages, start } = launch('auto')
    await settled()
    utility.says({ type: 'measure', shape: {} as never, settings: {} as never })
    await settled()
    host.watch(port)
    expect(utility.heard).toEqual([{ type: 'gpu', probe: hardware }, start, { type: 'measured', workMs: 2 }])
    utility.says(ending)
    expect(messages).toEqual([ending])
    // Not before it was settled that this process would carry the run out.
    expect(utility.heard.at(-1)).toEqual([{ type: 'watch' }, [port]])
  })

  test('hands the run over to a window, and what was asked of it goes along', async () => {
    const { host, start, messages, exits } = launch('auto')
    await settled()
    host.watch(port)
    host.post({ type: 'stop' })
    utility.says({ type: 'handOver', reason: 'The GPU takes 2 ms.' })
    await settled()
    expect(utility.end).toHaveBeenCalledOnce()
    expect(exits).toEqual([])
    expect(window.heard).toEqual([
      {
        type: 'session',
        start: fetching(start),
        reason: 'The GPU takes 2 ms.',
      },
      { type: 'stop' },
      [{ type: 'watch' }, [port]],
    ])
    window.says(ending)
    expect(messages).toEqual([ending])
    host.kill()
    expect(window.end).toHaveBeenCalledOnce()
  })

  test('starts nothing for a run that was ended while the GPU was looked at', async () => {
    const { host } = launch('auto')
    host.kill()
    await settled()
    expect([...utility.heard, ...window.heard]).toEqual([])
  })
})
