import { ipcRenderer } from 'electron'

// A compute window has no calls: only the port to main, which a message of the window to itself can carry.
ipcRenderer.once('computePort', (event) => {
  window.postMessage('computePort', location.origin, event.ports)
})
