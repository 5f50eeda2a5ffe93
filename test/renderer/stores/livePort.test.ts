import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LiveMessage } from '#shared/ipc/contract.ts'
import { createLivePort, type LivePort } from '../../../renderer/stores/livePort.ts'

const opened: (LivePort | MessagePort)[] = []
afterEach(() => opened.splice(0).forEach((port) => port.close()))

/** The part of a window that ports arrive at. */
function makeHost() {
  const target = new EventTarget() as unknown as Window
  const host = { window: target, watch: () => Promise.resolve(true) }
  const deliver = (runId: number, source: unknown = target): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    const event = new Event('message')
    Object.assign(event, { data: { type: 'livePort', runId }, source, ports: [port2] })
    target.dispatchEvent(event)
    opened.push(port1, port2)
    return port1
  }
  return { host, deliver }
}

const ended: LiveMessage = { type: 'ended' }
const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('the live port', () => {
  it('hands on what the session says', async () => {
    const { host, deliver } = makeHost()
    const heard: LiveMessage[] = []
    opened.push(createLivePort(7, host, (message) => heard.push(message)))
    const session = deliver(7)
    session.postMessage(ended)
    session.postMessage({ type: 'iterations', records: [] } satisfies LiveMessage)
    await vi.waitFor(() => expect(heard).toEqual([ended, { type: 'iterations', records: [] }]))
  })

  it('takes no port of another run, of a frame or of another window', async () => {
    const { host, deliver } = makeHost()
    const heard: LiveMessage[] = []
    opened.push(createLivePort(7, host, (message) => heard.push(message)))
    deliver(8).postMessage(ended)
    deliver(7, {}).postMessage(ended)
    deliver(7, null).postMessage(ended)
    await settle()
    expect(heard).toEqual([])
  })

  it('goes over to the port of a resumed session', async () => {
    const { host, deliver } = makeHost()
    const heard: LiveMessage[] = []
    opened.push(createLivePort(7, host, (message) => heard.push(message)))
    const before = deliver(7)
    const after = deliver(7)
    before.postMessage(ended)
    after.postMessage({ type: 'iterations', records: [] } satisfies LiveMessage)
    await settle()
    expect(heard).toEqual([{ type: 'iterations', records: [] }])
  })

  it('says nothing after it is closed', async () => {
    const { host, deliver } = makeHost()
    const heard: LiveMessage[] = []
    const port = createLivePort(7, host, (message) => heard.push(message))
    const session = deliver(7)
    port.close()
    port.close()
    session.postMessage(ended)
    deliver(7).postMessage(ended)
    await settle()
    expect(heard).toEqual([])
  })
})
