import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import path from 'node:path'

/** Windows has neither in folders. */
export const hasPipes = process.platform !== 'win32'

/** A named pipe that nobody writes to. @returns its path */
export function makePipe(folder: string, name: string): string {
  const pipe = path.join(folder, name)
  execFileSync('mkfifo', [pipe])
  return pipe
}

/** A socket in a folder, until it is closed. */
export async function makeSocket(folder: string, name: string): Promise<{ path: string; close(): void }> {
  const server = createServer()
  const socket = path.join(folder, name)
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return { path: socket, close: () => void server.close() }
}
