import os from 'node:os'

/** This machine in a few words, e.g. "Intel Xeon, 2 cores, 24 GB, linux x64". */
export function describeMachine(): string {
  const cpus = os.cpus()
  const model = (cpus[0]?.model ?? 'unknown processor').replace(/\(R\)|\(TM\)|CPU|Processor/g, '')
  const name = model.replace(/@.*$/, '').replace(/\s+/g, ' ').trim()
  const memoryGb = Math.round(os.totalmem() / 2 ** 30)
  return `${name}, ${cpus.length} cores, ${memoryGb} GB, ${os.platform()} ${os.arch()}`
}
