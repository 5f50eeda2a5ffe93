// What Electron gives a utility process, over the channel that Node gives a forked one.
Object.defineProperty(process, 'parentPort', {
  value: {
    on(_event: 'message', listener: (event: { data: unknown }) => void) {
      process.on('message', (data) => listener({ data }))
    },
    postMessage: (message: object) => process.send?.(message),
  },
})
