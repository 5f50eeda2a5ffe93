import Database from 'better-sqlite3'
import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { nativeBindingOf } from './library.ts'
import { readRegularText } from './regularFile.ts'
import { isProcessGone } from './owner.ts'

/** Where ONNX Runtime keeps what it would send; whatever programs of this user load it share the place. */
export interface TelemetryPlaces {
  /** Holds `deviceid` and the queue of events. */
  cache: string
  temporary: string
}

/** null where it keeps nothing on disk. */
export function telemetryPlaces(
  platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home = os.homedir(),
): TelemetryPlaces | null {
  if (platform === 'win32') return null
  const root =
    platform === 'darwin'
      ? path.join(home, 'Library', 'Application Support')
      : env['XDG_CACHE_HOME'] || path.join(home, '.cache')
  return { cache: path.join(root, 'Microsoft', 'DeveloperTools', '.onnxruntime'), temporary: os.tmpdir() }
}

/**
 * Removes what an earlier Rho Lab, which left ONNX Runtime's telemetry on, has on disk still: its events, and where no
 * other program has any, the id of this machine and the rest. Never fails; what is in use stays until the next time.
 * @returns what was removed, as a sentence for the log; null where there was nothing of ours
 */
export function removeTelemetryLeftovers(places = telemetryPlaces()): string | null {
  if (places === null) return null
  const queue = path.join(places.cache, 'onnxruntime.db')
  if (!existsSync(queue)) return null
  try {
    const { ours, others } = takeEvents(queue)
    if (ours.length === 0) return null
    const what = `${ours.length} events about Rho Lab that ONNX Runtime had kept in ${places.cache} for Microsoft`
    if (others > 0) return `Removed ${what}; the id of this machine stays, another program uses it.`
    removeFiles(places, ours)
    return `Removed ${what}, with its id of this machine. Nothing of the kind is kept or sent any more.`
  } catch {
    return null
  }
}

/** @returns the events of ours, which are in the queue no more, and how many others there are */
function takeEvents(queue: string): { ours: Buffer[]; others: number } {
  const db = new Database(queue, { fileMustExist: true, timeout: 0, nativeBinding: nativeBindingOf({}) })
  try {
    db.pragma('secure_delete = ON')
    const take = db.transaction(() => {
      const rows = db.prepare('SELECT rowid, payload FROM events').all() as {
        rowid: number
        payload: Buffer
      }[]
      // Not every event says whose it is, but each says in which process it came about.
      const processes = new Set(rows.filter(({ payload }) => isNamed(payload)).map(processOf))
      const ours = rows.filter((row) => isNamed(row.payload) || processes.has(processOf(row)))
      const remove = db.prepare('DELETE FROM events WHERE rowid = ?')
      for (const { rowid } of ours) remove.run(rowid)
      return { ours: ours.map(({ payload }) => payload), others: rows.length - ours.length }
    })
    return take.immediate()
  } finally {
    db.close()
  }
}

/** The producer of the models that we compute with, or the executable of an installed app. */
const isNamed = (payload: Buffer) => payload.includes('Rho Lab') || payload.includes('rho-lab')

const processOf = ({ payload }: { payload: Buffer }) =>
  /AppSessionGuid..([0-9a-f-]{36})/s.exec(payload.toString('latin1'))?.[1] ?? payload

/** When no other program has events in the queue. */
function removeFiles({ cache, temporary }: TelemetryPlaces, ours: readonly Buffer[]): void {
  for (const name of [
    'deviceid',
    'deviceid.lock',
    'onnxruntime.db',
    'onnxruntime.db-wal',
    'onnxruntime.db-shm',
  ])
    rmSync(path.join(cache, name), { force: true })
  const session = path.join(temporary, '.ses')
  const id = existsSync(session) ? readRegularText(session).trim().split('\n').at(-1)! : ''
  if (id !== '' && ours.some((payload) => payload.includes(id))) rmSync(session)
  for (const name of readdirSync(temporary)) {
    const pid = /^mat-debug-(\d+)\.log$/.exec(name)?.[1]
    const file = path.join(temporary, name)
    // They say nothing of whose they were; nobody misses an empty file of a process that is gone.
    if (pid !== undefined && isProcessGone(Number(pid)) && isEmptyAndOwn(file)) rmSync(file)
  }
  // Microsoft's own folders around it too, where they hold nothing else.
  for (const folder of [cache, path.dirname(cache), path.dirname(path.dirname(cache))]) {
    if (readdirSync(folder).length > 0) break
    rmdirSync(folder)
  }
}

function isEmptyAndOwn(file: string): boolean {
  const { size, uid } = statSync(file)
  return size === 0 && uid === process.getuid?.()
}
