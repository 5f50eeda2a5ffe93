import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import type { Reply } from '#shared/domain/labError.ts'
import { seriesPage, type IterationRecord, type RunDetail } from '#shared/domain/run.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import type { Calls, Channel, LabBridge, LiveMessage } from '#shared/ipc/contract.ts'
import { IterationSeries } from '../../renderer/stores/iterationSeries.ts'
import { useLiveRun, type LiveRun } from '../../renderer/stores/liveRun.ts'

const record = (iteration: number): IterationRecord => ({
  iteration,
  cost: 100 - iteration,
  reconstruction: 1,
  weightDecay: 1,
  sparsity: 1,
  validation: null,
  gradientNorm: 1,
  stepLength: 1,
  evaluations: iteration,
  elapsedMs: iteration,
  rhoHat: Float32Array.of(0.1, 0.2),
})
const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => record(from + i))

/** Main as the window sees it, with one run: its library's rows lag behind its session, as they really do. */
class Main {
  status: RunDetail['status'] = 'running'
  isHere = true
  readonly library = new IterationSeries()
  readonly asked: string[] = []
  private readonly listeners = new Set<(payload: { runs: boolean; datasets: boolean }) => void>()
  private readonly ports: MessagePort[] = []

  readonly lab = {
    platform: 'linux',
    invoke: (channel: Channel, ...args: unknown[]) => Promise.resolve(this.answer(channel, args)),
    on: (_event: string, listener: (payload: { runs: boolean; datasets: boolean }) => void) => {
      this.listeners.add(listener)
      return () => this.listeners.delete(listener)
    },
  } as unknown as LabBridge

  get listening(): number {
    return this.listeners.size
  }

  changed(): void {
    for (const listener of this.listeners) listener({ runs: true, datasets: false })
  }

  say(message: LiveMessage): void {
    this.ports.at(-1)?.postMessage(message)
  }

  close(): void {
    for (const port of this.ports) port.close()
  }

  private answer(channel: Channel, args: unknown[]): Reply<unknown> {
    this.asked.push(channel)
    switch (channel) {
      case 'runs.get':
        return { ok: true, value: { id: 7, status: this.status, config: defaultConfig, snapshots: [] } }
      case 'runs.series': {
        const all = this.library.view()
        const rows = new IterationSeries()
        rows.addRecords(
          [...all.iteration]
            .filter((iteration) => iteration > (args[1] as number))
            .slice(0, seriesPage)
            .map((iteration) => record(iteration)),
        )
        return { ok: true, value: rows.view() satisfies ReturnType<Calls['runs.series']> }
      }
      case 'live.watch':
        if (this.isHere) this.openPort()
        return { ok: true, value: this.isHere }
      default:
        return { ok: true, value: null }
    }
  }

  private openPort(): void {
    const { port1, port2 } = new MessageChannel()
    this.ports.push(port1)
    const event = new Event('message')
    Object.assign(event, { data: { type: 'livePort', runId: 7 }, source: window, ports: [port2] })
    setTimeout(() => window.dispatchEvent(event))
  }
}

let main: Main
let scope: EffectScope
const follow = (): LiveRun => scope.run(() => useLiveRun(7)) as LiveRun

beforeEach(() => {
  main = new Main()
  scope = effectScope()
  setActivePinia(createPinia())
  vi.stubGlobal('window', Object.assign(new EventTarget(), { lab: main.lab }))
  vi.stubGlobal('requestAnimationFrame', (paint: () => void) => setTimeout(paint, 5))
  vi.stubGlobal('cancelAnimationFrame', clearTimeout)
})
afterEach(() => {
  scope.stop()
  main.close()
  vi.unstubAllGlobals()
})

describe('a run that is followed', () => {
  it('shows what the library has, then every iteration that the session tells', async () => {
    main.library.addRecords(records(0, 20))
    const { columns, detail } = follow()
    await vi.waitFor(() => expect(columns.value.count).toBe(20))
    expect(detail.value?.status).toBe('running')
    main.say({ type: 'iterations', records: records(20, 30) })
    await vi.waitFor(() => expect(columns.value.count).toBe(30))
    expect(columns.value.cost[29]).toBe(71)
  })

  it('of more iterations than are read at once is read page by page', async () => {
    main.library.addRecords(records(0, seriesPage + 5))
    main.status = 'finished'
    const { columns } = follow()
    await vi.waitFor(() => expect(columns.value.count).toBe(seriesPage + 5))
    expect(main.asked.filter((channel) => channel === 'runs.series')).toHaveLength(2)
    expect(columns.value.iteration[seriesPage]).toBe(seriesPage)
  })

  it('fetches the rows that were on their way to the library when the port opened', async () => {
    main.library.addRecords(records(0, 20))
    const { columns } = follow()
    await vi.waitFor(() => expect(columns.value.count).toBe(20))
    main.library.addRecords(records(20, 26))
    main.say({ type: 'iterations', records: records(26, 28) })
    await vi.waitFor(() =>
      expect([...columns.value.iteration]).toEqual(records(0, 28).map((r) => r.iteration)),
    )
  })

  it('shows the live filters, and lets go of them when the session ends', async () => {
    const { weights, detail } = follow()
    await vi.waitFor(() => expect(detail.value).not.toBeNull())
    main.say({ type: 'weights', iteration: 3, W1: Float32Array.of(1, 2), rhoHat: Float32Array.of(0.1) })
    await vi.waitFor(() => expect(weights.value?.iteration).toBe(3))
    main.status = 'finished'
    main.say({ type: 'ended' })
    await vi.waitFor(() => expect(detail.value?.status).toBe('finished'))
    expect(weights.value).toBeNull()
  })

  it('follows a run of another process by what it writes', async () => {
    main.isHere = false
    main.library.addRecords(records(0, 5))
    const { columns } = follow()
    await vi.waitFor(() => expect(columns.value.count).toBe(5))
    main.library.addRecords(records(5, 9))
    main.changed()
    await vi.waitFor(() => expect(columns.value.count).toBe(9))
  })

  it('watches again after it was stopped and resumed', async () => {
    const { detail, columns } = follow()
    await vi.waitFor(() => expect(main.asked).toContain('live.watch'))
    main.status = 'stopped'
    main.say({ type: 'ended' })
    main.changed()
    await vi.waitFor(() => expect(detail.value?.status).toBe('stopped'))
    main.status = 'running'
    main.changed()
    await vi.waitFor(() => expect(main.asked.filter((channel) => channel === 'live.watch')).toHaveLength(2))
    await new Promise((resolve) => setTimeout(resolve, 20))
    main.say({ type: 'iterations', records: records(0, 3) })
    await vi.waitFor(() => expect(columns.value.count).toBe(3))
  })

  it('leaves nothing behind when its page is left', async () => {
    const { columns } = follow()
    await vi.waitFor(() => expect(main.asked).toContain('live.watch'))
    scope.stop()
    expect(main.listening).toBe(0)
    const asked = main.asked.length
    main.say({ type: 'iterations', records: records(0, 3) })
    main.changed()
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(main.asked).toHaveLength(asked)
    expect(columns.value.count).toBe(0)
  })
})
