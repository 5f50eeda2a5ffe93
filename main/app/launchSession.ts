import type { MessagePortMain } from 'electron'
import type { FromSession } from '#main/session/protocol.ts'
import type { LaunchSession } from '#main/session/sessions.ts'
import type { Log } from './log.ts'
import { startUtility } from './utility.ts'

/**
 * Sessions in utility processes of their own.
 * @param path of the built session host, which reads `ToSession`, and `{ type: 'watch' }` with a port
 */
export function createSessionLauncher(path: string, log: Log): LaunchSession<MessagePortMain> {
  return () => {
    const { child, ended, end } = startUtility('The session', path, log)
    return {
      post: (message) => child.postMessage(message),
      onMessage: (listener) => child.on('message', (message: FromSession) => listener(message)),
      onExit: (listener) => void ended.then(listener),
      watch: (port) => child.postMessage({ type: 'watch' }, [port]),
      kill: end,
    }
  }
}
