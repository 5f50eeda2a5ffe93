import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest'
import { openLibrary } from '#db/library.ts'
import { openBlobs } from '#db/blobs.ts'
import { beginPart, newPartName, notesFolder, sweepNotedParts, sweepParts } from '#db/unfinished.ts'
import { openBundle } from '#main/export/bundle/openBundle.ts'
import { runLab, temporaryFolder } from '../cli/runLab.ts'
import { makeDataset, makeFolder, makeRun } from '../db/makeLibrary.ts'

const lab = fileURLToPath(new URL('../../main/cli/lab.ts', import.meta.url))
let library: string

// What is unfinished is noted where no other test's process sweeps.
beforeEach(() => void vi.stubEnv('XDG_CACHE_HOME', makeFolder()))
afterEach(() => void vi.unstubAllEnvs())

/** A library of which a bundle takes a while: 8 MB of patches. */
async function makeLargeLibrary(): Promise<void> {
  library = await temporaryFolder()
  const opened = openLibrary(library)
  const patches = new Float32Array(randomBytes(8 << 20).map((byte) => byte & 63).buffer)
  const datasetId = await makeDataset(opened, { patches, m: patches.length / 4, positions: null })
  const snapshots = Array.from({ length: 100 }, (_, k) => 3 * k)
  await makeRun(opened, { datasetId, iterations: 300, snapshots, status: 'finished' })
  opened.close()
}

const partsIn = (folder: string) =>
  readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.part'))

/** A process of the command line, halted while it is in the middle of writing into a folder. */
async function haltWhileWriting(folder: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [lab, ...args, '--library', library], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  while (child.exitCode === null && partsIn(folder).length === 0) await sleep(1)
  child.kill('SIGSTOP')
  // On a busy machine it may have been done before anybody looked.
  return partsIn(folder).length > 0 ? child : haltWhileWriting(folder, ...args)
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve))

async function kill(child: ChildProcess): Promise<void> {
  const end = ended(child)
  child.kill('SIGKILL')
  await end
}

// A halted process stands still wherever it is.
describe.skipIf(process.platform === 'win32')('a bundle whose process is killed in the middle', () => {
  beforeAll(makeLargeLibrary)
  afterAll(() => rmSync(library, { recursive: true }))

  test('leaves a hidden part that the next command removes, whatever that command is for', async () => {
    const folder = makeFolder()
    await kill(
      await haltWhileWriting(folder, 'bundle', '1', '--patches', '--out', path.join(folder, 'a.rholab')),
    )
    expect(partsIn(folder)).toHaveLength(1)
    expect((await runLab('runs', '--library', library)).code).toBe(0)
    expect(readdirSync(folder)).toEqual([])
    expect(readdirSync(notesFolder())).toEqual([])
  })

  test('is swept by whoever writes to that folder next, where the user’s cache says nothing of it', async () => {
    const folder = makeFolder()
    await kill(
      await haltWhileWriting(folder, 'bundle', '1', '--patches', '--out', path.join(folder, 'a.rholab')),
    )
    vi.stubEnv('XDG_CACHE_HOME', makeFolder())
    expect(
      (await runLab('report', '1', '--out', path.join(folder, 'r.html'), '--library', library)).code,
    ).toBe(0)
    expect(readdirSync(folder)).toEqual(['r.html'])
  })

  test('that is only halted keeps its part, and is whole when it goes on', async () => {
    const folder = makeFolder()
    const file = path.join(folder, 'a.rholab')
    const halted = await haltWhileWriting(folder, 'bundle', '1', '--patches', '--out', file)
    expect(
      (await runLab('bundle', '1', '--out', path.join(folder, 'b.rholab'), '--library', library)).code,
    ).toBe(0)
    expect(partsIn(folder)).toHaveLength(1)
    const end = ended(halted)
    halted.kill('SIGCONT')
    expect(await end).toBe(0)
    expect(readdirSync(folder).toSorted()).toEqual(['a.rholab', 'b.rholab'])
    const opened = await openBundle(file)
    expect(opened.manifest.runs).toHaveLength(1)
    opened.close()
  })

  test.each([
    ['a store of MLflow', ['export', '1', '--format', 'mlflow']],
    ['event files of TensorBoard', ['export', '1', '--format', 'tensorboard']],
  ])('as is %s, in whichever folder of it', async (_, args) => {
    const folder = makeFolder()
    await kill(await haltWhileWriting(folder, ...args, '--out', folder))
    await runLab('runs', '--library', library)
    expect(partsIn(folder)).toEqual([])
  })

  test('as is a rescue, which leaves no half of a library that looks like one', async () => {
    const saved = path.join(makeFolder(), 'saved')
    mkdirSync(saved)
    const child = spawn(process.execPath, [lab, 'rescue', library, '--out', saved], { stdio: 'ignore' })
    while (partsIn(saved).length === 0) await sleep(1)
    await kill(child)
    expect(existsSync(path.join(saved, 'library.sqlite'))).toBe(false)
    expect((await runLab('rescue', library, '--out', saved)).code).toBe(0)
    expect(readdirSync(saved).toSorted()).toEqual(['blobs', 'library.sqlite'])
  })
})

/** Names of parts: of a process that has ended, one that lives, and one of which nothing is known. */
async function partNames(): Promise<{ gone: string; living: string; unknown: string }> {
  const child = spawn(process.execPath, ['-e', ''])
  await ended(child)
  const living = newPartName()
  return {
    living,
    gone: newPartName().replace(`-${process.pid}-`, `-${child.pid}-`),
    unknown: newPartName().replace(/^\.rho-lab-.{12}/, '.rho-lab-0123456789ab'),
  }
}

test('parts of living and of unknown processes stay, and files of others that are called .part', async () => {
  const folder = makeFolder()
  const { gone, living, unknown } = await partNames()
  const others = ['film.mp4.part', '.part', `${gone}.txt`, `x${gone}`]
  for (const name of [gone, living, unknown, ...others]) writeFileSync(path.join(folder, name), 'half')
  await sweepParts(folder)
  expect(readdirSync(folder).toSorted()).toEqual([living, unknown, ...others].toSorted())
})

test('a library’s half-written patches are removed by the next that writes to it, within the hour', async () => {
  const folder = makeFolder()
  const blobs = openBlobs(folder)
  const { gone, living, unknown } = await partNames()
  for (const name of [gone, living, unknown]) writeFileSync(path.join(folder, name), 'half')
  const { hash } = await blobs.write(Uint8Array.of(1))
  expect(readdirSync(folder).toSorted()).toEqual([hash, living, unknown].toSorted())
  // Of what is older than an hour the living one's stays still: it may be halted.
  expect(blobs.removeLeftovers(Date.now() + 1000)).toBe(4)
  expect(readdirSync(folder).toSorted()).toEqual([hash, living].toSorted())
})

test('a note that names anything but an unfinished file removes nothing', async () => {
  const kept = path.join(makeFolder(), 'thesis.txt')
  writeFileSync(kept, 'years of work')
  beginPart(path.dirname(kept))
  const { gone } = await partNames()
  writeFileSync(path.join(notesFolder(), gone), kept)
  await sweepNotedParts()
  expect(existsSync(kept)).toBe(true)
  expect(readdirSync(notesFolder())).not.toContain(gone)
})
