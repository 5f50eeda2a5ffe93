import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { channels, dropChannel, eventNames, localeArgument } from '#shared/ipc/channels.ts'
import type { LabBridge } from '#shared/ipc/contract.ts'

const refuse = (name: string): never => {
  throw new Error(`"${name}" is not one of the lab's calls.`)
}

const locale = process.argv.findLast((argument) => argument.startsWith(localeArgument))

/** `window.lab`: the list of calls, and nothing of Electron. */
const lab: LabBridge = {
  invoke: (channel, ...args) =>
    channels.includes(channel) ? ipcRenderer.invoke(channel, ...args) : refuse(String(channel)),
  on(event, listener) {
    if (!eventNames.includes(event)) refuse(String(event))
    const forward = (_event: unknown, payload: Parameters<typeof listener>[0]) => listener(payload)
    ipcRenderer.on(event, forward)
    return () => {
      ipcRenderer.off(event, forward)
    }
  },
  sourceFromDrop: (file) => ipcRenderer.invoke(dropChannel, webUtils.getPathForFile(file)),
  platform: process.platform as LabBridge['platform'],
  locale: locale?.slice(localeArgument.length) ?? 'en',
}
contextBridge.exposeInMainWorld('lab', lab)

// A port cannot cross the bridge; a message of the window to itself can carry it.
ipcRenderer.on('livePort', (event, runId: number) => {
  window.postMessage({ type: 'livePort', runId }, location.origin, event.ports)
})
