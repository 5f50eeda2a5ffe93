import process from 'node:process'

// The command line as an installed app runs it: in a process that does not end by itself, and could cut words short.
await import('./lab.ts')
for (const stream of [process.stdout, process.stderr])
  await new Promise((written) => stream.write('', () => written(undefined)))
process.exit()
