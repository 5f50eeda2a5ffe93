import Database from 'better-sqlite3'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeTelemetryLeftovers, telemetryPlaces } from '#db/telemetryLeftovers.ts'

let root: string
let cache: string
let temporary: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'rho-lab-leftovers-'))
  cache = path.join(root, 'cache', 'Microsoft', 'DeveloperTools', '.onnxruntime')
  temporary = path.join(root, 'tmp')
  mkdirSync(cache, { recursive: true })
  mkdirSync(temporary)
})
afterEach(() => rmSync(root, { recursive: true }))

const processes = {
  lab: 'ff25852b-bbad-4316-b03f-9d66b9a9694c',
  other: '0d7a5a36-21f5-4a6c-8a55-2b54cf1ab7d1',
}
const labSession = 'b0ec0690-0eaf-359f-4661-3b3fed51195d'

/** What ONNX Runtime 1.30 leaves, its events' texts in the order and with the bytes between that it has. */
function leave(events: [process: keyof typeof processes, what: string][]): void {
  const db = new Database(path.join(cache, 'onnxruntime.db'))
  db.pragma('journal_mode = WAL')
  db.exec(
    'CREATE TABLE events (record_id TEXT,tenant_token TEXT NOT NULL,latency INTEGER,persistence INTEGER,timestamp INTEGER,retry_count INTEGER DEFAULT 0,reserved_until INTEGER DEFAULT 0,payload BLOB)',
  )
  const insert = db.prepare('INSERT INTO events (record_id, tenant_token, payload) VALUES (?, ?, ?)')
  for (const [process, what] of events)
    insert.run(
      `record ${what}`,
      '5ad963bd',
      Buffer.from(
        `)\x033.0q\x89$${labSession}\x00\x0eAppSessionGuidi$${processes[process]}\x00${what}\x00`,
        'latin1',
      ),
    )
  db.close()
  writeFileSync(path.join(cache, 'deviceid'), '4333fd5c-d6e6-4675-ac7b-b29a6df0d094')
  writeFileSync(path.join(temporary, '.ses'), `1795919798369\n${labSession}\n`)
  writeFileSync(path.join(temporary, 'mat-debug-4194305.log'), '')
  writeFileSync(path.join(temporary, `mat-debug-${process.pid}.log`), '')
  writeFileSync(path.join(temporary, 'mat-debug-4194306.log'), 'words of another program')
}
const left = () => readdirSync(temporary).toSorted()

test('what an earlier Rho Lab left of ONNX Runtime’s telemetry is removed, and the log says so', () => {
  leave([
    ['lab', 'SessionCreationStart'],
    ['lab', 'modelProducerNamei\x07Rho Lab'],
  ])
  expect(removeTelemetryLeftovers({ cache, temporary })).toBe(
    `Removed 2 events about Rho Lab that ONNX Runtime had kept in ${cache} for Microsoft, with its id of this machine. Nothing of the kind is kept or sent any more.`,
  )
  expect(readdirSync(root)).toEqual(['cache', 'tmp'])
  expect(readdirSync(path.join(root, 'cache'))).toEqual([])
  expect(left()).toEqual(['mat-debug-4194306.log', `mat-debug-${process.pid}.log`].toSorted())
  expect(removeTelemetryLeftovers({ cache, temporary })).toBeNull()
})

test('what another program has in the same place stays, without the events of Rho Lab', () => {
  leave([
    ['other', 'modelProducerNamei\x07pytorch'],
    ['lab', 'modelProducerNamei\x07Rho Lab'],
    ['lab', 'SessionCreationEnd'],
  ])
  const before = left()
  expect(removeTelemetryLeftovers({ cache, temporary })).toMatch(
    /^Removed 2 events .* another program uses it\.$/,
  )
  expect(left()).toEqual(before)
  expect(readdirSync(cache)).toEqual(expect.arrayContaining(['deviceid', 'onnxruntime.db']))
  const file = readFileSync(path.join(cache, 'onnxruntime.db'), 'latin1')
  expect(file).toContain('pytorch')
  expect(file).not.toContain('Rho Lab')
})

test('nothing is touched where nothing is of Rho Lab', () => {
  expect(removeTelemetryLeftovers({ cache, temporary })).toBeNull()
  leave([['other', 'modelProducerNamei\x07pytorch']])
  const before = readFileSync(path.join(cache, 'onnxruntime.db'))
  expect(removeTelemetryLeftovers({ cache, temporary })).toBeNull()
  expect(readFileSync(path.join(cache, 'onnxruntime.db'))).toEqual(before)
  expect(existsSync(path.join(cache, 'deviceid'))).toBe(true)
  expect(left()).toHaveLength(4)
})

test('ONNX Runtime’s folder is looked for where it has it', () => {
  const own = path.join('Microsoft', 'DeveloperTools', '.onnxruntime')
  const cacheOn = (platform: NodeJS.Platform, env = {}) => telemetryPlaces(platform, env, 'home')?.cache
  expect(cacheOn('linux')).toBe(path.join('home', '.cache', own))
  expect(cacheOn('linux', { XDG_CACHE_HOME: 'cache' })).toBe(path.join('cache', own))
  expect(cacheOn('darwin')).toBe(path.join('home', 'Library', 'Application Support', own))
  expect(cacheOn('win32')).toBeUndefined()
})
