import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { openLibrary, type Library } from '#db/library.ts'
import { readCheckpoint } from '#db/queries/checkpoints.ts'
import { listQueue } from '#db/queries/queue.ts'
import { getRun, markInterrupted, trashRuns } from '#db/queries/runs.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import { addRun, libraryWithBars } from '../session/bars.ts'
import { runLab, temporaryFolder } from './runLab.ts'

const lab = fileURLToPath(new URL('../../main/cli/lab.ts', import.meta.url))

let folder: string
let library: Library
let datasetId: number
let children: ChildProcess[]

beforeEach(async () => {
  folder = path.join(await temporaryFolder(), 'library')
  ;({ library, datasetId } = await libraryWithBars(folder))
  children = []
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  library.close()
  rmSync(path.dirname(folder), { recursive: true })
})

/** The command line in a process of its own, which can be halted and woken. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [lab, ...args, '--library', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  )
  return { child, ended }
}

/** A run that does not end by itself, as another command of the terminal left it: halted in mid-training by Ctrl-Z. */
async function halted() {
  const id = addRun(library, datasetId, { optimiser: 'adam', iterations: 1_000_000 })
  const first = start('resume', String(id))
  await expect.poll(() => getRun(library, id).iterations, { timeout: 60_000 }).toBeGreaterThan(5)
  // Where it is halted in the middle of a write, the library is locked: once more then.
  await expect
    .poll(
      () => {
        first.child.kill('SIGSTOP')
        try {
          // As 15 s of silence would have it.
          return markInterrupted(library, { ...momentNow(), clockMs: momentNow().clockMs + 60_000 })
        } catch (error) {
          first.child.kill('SIGCONT')
          return toErrorReply(error).code
        }
      },
      { timeout: 60_000 },
    )
    .toEqual([id])
  return { id, first }
}

test('a halted process that wakes up when another has its run ends with one sentence and writes nothing', async () => {
  const { id, first } = await halted()
  const second = start('resume', String(id))
  const ownerIs = (pid: number | undefined) => () =>
    listQueue(library).some((run) => run.status === 'running' && run.process?.pid === pid)
  await expect.poll(ownerIs(second.child.pid), { timeout: 60_000 }).toBe(true)
  await expect.poll(() => getRun(library, id).iterations, { timeout: 60_000 }).toBeGreaterThan(20)
  const before = getRun(library, id).iterations
  first.child.kill('SIGCONT')
  const { code, stdout, stderr } = await first.ended
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  const said = stderr.split(/[\r\n]/).filter((line) => line.includes('lab:'))
  expect(said).toEqual([
    expect.stringMatching(
      new RegExp(`lab: Run ${id} was taken over by another process while this one was silent, .*\\.$`),
    ),
  ])
  expect(ownerIs(second.child.pid)()).toBe(true)
  expect(getRun(library, id).iterations).toBeGreaterThanOrEqual(before)
  second.child.kill('SIGINT')
  expect((await second.ended).code).toBe(130)
  // Stopped by the one who had it, where it stood.
  const run = getRun(library, id)
  expect(run.status).toBe('stopped')
  expect(readCheckpoint(library, id)!.iteration).toBe(run.iterations)
}, 180_000)

test('a halted process that was taken for dead, and whose run nobody took, goes on with it', async () => {
  const { id, first } = await halted()
  const before = getRun(library, id).iterations
  expect(getRun(library, id).status).toBe('interrupted')
  first.child.kill('SIGCONT')
  await expect.poll(() => getRun(library, id).status, { timeout: 60_000 }).toBe('running')
  await expect.poll(() => getRun(library, id).iterations, { timeout: 60_000 }).toBeGreaterThan(before + 20)
  expect((await runLab('stop', String(id), '--library', folder)).code).toBe(0)
  expect((await first.ended).code).toBe(0)
  expect(getRun(library, id)).toMatchObject({ status: 'stopped', hasCheckpoint: true })
}, 180_000)

test('a halted process whose run was removed meanwhile ends with one sentence', async () => {
  const { id, first } = await halted()
  trashRuns(library, [id], new Date())
  first.child.kill('SIGCONT')
  const { code, stderr } = await first.ended
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(
      `lab: Run ${id} was removed by another process while this one was silent`,
    ) as string,
  })
}, 180_000)

test('a library that is moved away in mid-training ends the command with one sentence, and no other is made', async () => {
  const id = addRun(library, datasetId, { optimiser: 'adam', iterations: 1_000_000 })
  const { ended } = start('resume', String(id))
  await expect.poll(() => getRun(library, id).hasCheckpoint, { timeout: 60_000 }).toBe(true)
  library.close()
  const moved = `${folder}-moved`
  renameSync(folder, moved)
  const { code, stdout, stderr } = await ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(`lab: The library ${folder} is not there any more: it was moved or deleted`)
  for (const args of [['runs'], ['queue'], ['resume', String(id)], ['train', '--dataset', 'bars']]) {
    const answer = await runLab(...args, '--library', folder)
    expect([answer.code, answer.stderr]).toEqual([2, expect.stringContaining('There is no library in')])
  }
  expect(existsSync(folder)).toBe(false)
  renameSync(moved, folder)
  library = openLibrary(folder)
  expect(getRun(library, id)).toMatchObject({ hasCheckpoint: true })
}, 180_000)
