import type { FromImporter, ToImporter } from '#main/dataset/importProtocol.ts'

// What Electron gives a utility process, over the channel that Node gives a forked one.
Object.defineProperty(process, 'parentPort', {
  value: {
    on(_event: 'message', listener: (event: { data: ToImporter }) => void) {
      process.on('message', (data: ToImporter) => listener({ data }))
    },
    postMessage: (message: FromImporter) => process.send?.(message),
  },
})
