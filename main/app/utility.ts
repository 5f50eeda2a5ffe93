import { app, utilityProcess, type Details, type UtilityProcess } from 'electron'
import { cleanExit, describeExit, type Exit } from './exitReason.ts'
import type { Log } from './log.ts'

/** What Chromium says of an exit, and the last words, come about when `exit` does; in no order. */
const graceMs = 200
const lastWordsLength = 8_192

export interface Utility {
  child: UtilityProcess
  /** Resolves, never rejects, when the process has ended. */
  ended: Promise<Exit>
  /** Ends it at once; that is a clean exit, being asked for. */
  end(): void
}

let count = 0

/**
 * Starts a Node process of the app; what it prints goes to the log.
 * @param name at the start of a sentence about it, e.g. "The session"
 * @param path of the built module
 */
export function startUtility(name: string, path: string, log: Log): Utility {
  // The number makes it known again in `child-process-gone`, which does not say whose it is.
  const serviceName = `Rho Lab ${++count}: ${name}`
  const child = utilityProcess.fork(path, [], { serviceName, stdio: 'pipe' })
  let lastWords = ''
  let endAsked = false
  const hear = (words: string) => {
    lastWords = (lastWords + words).slice(-lastWordsLength)
    log.warn(`${serviceName}: ${words.trimEnd()}`)
  }
  child.stdout?.on('data', (text: Buffer) => log.info(`${serviceName}: ${text.toString().trimEnd()}`))
  child.stderr?.on('data', (text: Buffer) => hear(text.toString()))
  child.on('error', (_type, location) => hear(location))

  const exited = new Promise<number>((resolve) => child.once('exit', resolve))
  const waited = exited.then(() => new Promise<null>((resolve) => setTimeout(resolve, graceMs, null)))
  const heard = new Promise((resolve) => child.stderr?.once('close', resolve))
  const ended = Promise.all([
    exited,
    Promise.race([gone(serviceName, waited), waited]),
    Promise.race([heard, waited]),
  ]).then(([code, details]): Exit => {
    if (endAsked) return cleanExit
    const exit = describeExit({ name, code, gone: details, lastWords })
    if (!exit.clean) log.warn(`${serviceName} exited`, { code, gone: details })
    return exit
  })
  return {
    child,
    ended,
    end() {
      endAsked = true
      child.kill()
    },
  }
}

/** What Chromium says of a process that did not end well. @param until when to stop listening */
function gone(serviceName: string, until: Promise<unknown>): Promise<Details> {
  return new Promise((resolve) => {
    const listen = (_event: unknown, details: Details) => {
      if (details.name === serviceName) resolve(details)
    }
    app.on('child-process-gone', listen)
    void until.then(() => app.off('child-process-gone', listen))
  })
}
