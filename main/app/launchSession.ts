import type { MessagePortMain } from 'electron'
import type { FromUtility, GpuProbe, ToUtility } from '#main/session/hosts/gpuProtocol.ts'
import type { FromSession, Order, SessionStart } from '#main/session/protocol.ts'
import type { LaunchSession, SessionHost } from '#main/session/sessionHost.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import type { ComputeWindows } from './computeWindow.ts'
import { sessionName, type Exit } from './exitReason.ts'
import type { Gpu } from './probeGpu.ts'
import type { Utility } from './utility.ts'

export interface LauncherOptions {
  /** Starts the built session host, which reads `ToUtility`. */
  startUtility(): Utility
  windows: ComputeWindows
  gpu: Gpu
}

/** What carries out a session at the moment. */
interface Carrier {
  order(order: Order): void
  watch(port: MessagePortMain): void
  end(): void
}

/**
 * Sessions in processes of their own: in a compute window where the GPU computes, else in a utility process. Which one,
 * `auto` decides in the utility process, which can measure, and hands the run over where the GPU is faster.
 */
export function createSessionLauncher(options: LauncherOptions): LaunchSession<MessagePortMain> {
  return () => launch(options)
}

function launch({ startUtility, windows, gpu }: LauncherOptions): SessionHost<MessagePortMain> {
  const messages: ((message: FromSession) => void)[] = []
  const exits: ((exit: Exit) => void)[] = []
  /** Ports of windows that watch, until it is settled whom they watch. */
  const watchers: MessagePortMain[] = []
  let carrier: Carrier | null = null
  let isSettled = false
  /** What was asked of the session: one that takes the run over hears it too. */
  const orders: Order[] = []
  let isKilled = false

  const tell = (message: FromSession): void => messages.forEach((listener) => listener(message))
  const leave = (exit: Exit): void => exits.forEach((listener) => listener(exit))

  function take(next: Carrier, ended: Promise<Exit>): void {
    carrier = next
    // One that handed its run over ends too; the run does not end with it.
    void ended.then((exit) => (carrier === next ? leave(exit) : undefined))
    orders.forEach((order) => next.order(order))
  }

  function settle(): void {
    isSettled = true
    for (const port of watchers.splice(0)) carrier?.watch(port)
  }

  function inWindow(start: SessionStart, reason: string): void {
    const window = windows.open(sessionName)
    // A window that was asked for a session says nothing but what sessions say.
    window.onMessage((message) => tell(message as FromSession))
    const patches = { ...start.patches, path: windows.offerFile(start.patches.path) }
    window.post({ type: 'session', start: { ...start, patches }, reason })
    take(
      {
        order: window.post,
        watch: (port) => window.post({ type: 'watch' }, [port]),
        end: window.end,
      },
      window.ended,
    )
    settle()
  }

  /** @param probe  of a GPU that the run may be handed over to; null where there is none worth asking */
  function inUtility(start: SessionStart, probe: GpuProbe | null): void {
    const { child, ended, end } = startUtility()
    const post = (message: ToUtility, ports: MessagePortMain[] = []) => child.postMessage(message, ports)

    async function measure({ shape, settings }: Extract<FromUtility, { type: 'measure' }>): Promise<void> {
      const workMs = await gpu.measure(shape, settings).catch(() => null)
      if (!isKilled) post({ type: 'measured', workMs })
    }
    function handOver(reason: string): void {
      if (!isKilled) inWindow(start, reason)
      end()
    }

    child.on('message', (message: FromUtility) => {
      if (message.type === 'measure') void measure(message)
      else if (message.type === 'handOver') handOver(message.reason)
      else {
        if (!isSettled) settle()
        tell(message)
      }
    })
    if (probe) post({ type: 'gpu', probe })
    post(start)
    take({ order: post, watch: (port) => post({ type: 'watch' }, [port]), end }, ended)
    if (!probe) settle()
  }

  async function begin(start: SessionStart): Promise<void> {
    const { engine } = start.config
    if (engine === 'gpu') return inWindow(start, 'Chosen by name.')
    const probe = engine === 'auto' ? await gpu.probe() : null
    // Software is never worth measuring.
    if (!isKilled) inUtility(start, probe?.available && probe.hardware ? probe : null)
  }

  return {
    post(message) {
      if (message.type === 'start') {
        begin(message).catch((error: unknown) =>
          leave({ clean: false, kind: 'failed', reason: toErrorReply(error).message }),
        )
      } else {
        orders.push(message)
        carrier?.order(message)
      }
    },
    onMessage: (listener) => messages.push(listener),
    onExit: (listener) => exits.push(listener),
    watch(port) {
      if (isSettled) carrier?.watch(port)
      else watchers.push(port)
    },
    kill() {
      isKilled = true
      carrier?.end()
    },
  }
}
