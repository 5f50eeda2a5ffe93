import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { unzipSync, zipSync, type Zippable } from 'fflate'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listDatasets } from '#db/queries/datasets.ts'
import { getRun, listRuns } from '#db/queries/runs.ts'
import { readBundle } from '#main/export/bundle/readBundle.ts'
import { writeBundle } from '#main/export/bundle/writeBundle.ts'
import { LabError } from '#shared/domain/labError.ts'
import { makeFolder, makeLibrary } from '../db/makeLibrary.ts'
import { trainedLibrary, bundled, essence } from './bundledRun.ts'
import { tries } from '../thorough.ts'

describe('a bundle that is not what it says', () => {
  interface Manifest {
    version: number
    files: Record<string, { sizeBytes: number; sha256: string }>
    runs: Record<string, unknown>[]
    datasets: Record<string, unknown>[]
  }

  /** The bundle's files with changes, in an archive whose manifest has the changed files' sizes and hashes. */
  async function tampered(
    change: (files: Record<string, Uint8Array>, manifest: Manifest) => void,
    { honest = true, deflated = [] as string[] } = {},
  ): Promise<string> {
    const { file } = await bundled({ patches: true })
    const files = unzipSync(readFileSync(file))
    const manifest = JSON.parse(Buffer.from(files['manifest.json']).toString()) as Manifest
    change(files, manifest)
    if (honest) {
      for (const [name, bytes] of Object.entries(files)) {
        if (name === 'manifest.json' || !(name in manifest.files)) continue
        manifest.files[name] = {
          sizeBytes: bytes.length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        }
      }
    }
    files['manifest.json'] = Buffer.from(JSON.stringify(manifest))
    const zippable: Zippable = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [
        name,
        [bytes, { level: deflated.includes(name) ? 9 : 0 }],
      ]),
    )
    writeFileSync(file, zipSync(zippable))
    return file
  }

  async function expectRefused(file: string, message: RegExp): Promise<void> {
    const library = makeLibrary()
    const error: unknown = await readBundle(library, file).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(LabError)
    expect((error as LabError).message).toMatch(message)
    expect((error as LabError).code).toBe('badInput')
    expect([listRuns(library), listDatasets(library), library.blobs.list()]).toEqual([[], [], []])
  }

  const npy = 'runs/0/snapshots/3.npy'

  test.each<[string, Parameters<typeof tampered>[0], Parameters<typeof tampered>[1], RegExp]>([
    ['a weight has changed', (files) => void (files[npy][200] ^= 1), { honest: false }, /is damaged/],
    ['a file is missing', (files) => delete files[npy], { honest: false }, /is damaged/],
    [
      'a file is not listed',
      (files) => void (files['runs/0/extra.npy'] = Buffer.from('x')),
      {},
      /is damaged/,
    ],
    [
      'a listed file leads out of the folder',
      (files, manifest) => {
        manifest.files['../../evil.npy'] = manifest.files[npy]
        files['../../evil.npy'] = files[npy]
      },
      {},
      /is damaged/,
    ],
    ['a file is packed, as a bomb must be', () => {}, { deflated: [npy] }, /is damaged/],
    ['it is of a newer version', (_, manifest) => void (manifest.version = 4), {}, /newer Rho Lab\. Update/],
    [
      'its settings are none',
      (_, manifest) => void (manifest.runs[0]['config'] = { rho: 7 }),
      {},
      /is damaged/,
    ],
    [
      'a run belongs to no dataset',
      (_, manifest) => void (manifest.runs[0]['dataset'] = 1),
      {},
      /is damaged/,
    ],
    ['weights are of another size', (files) => void (files[npy] = files[npy].slice(0, -4)), {}, /is damaged/],
    [
      'a dataset of 2⁶⁰ patches',
      (_, manifest) => void (manifest.datasets[0]['patches'] = 2 ** 60),
      {},
      /is damaged/,
    ],
    [
      'patches that are not those of the hash',
      (files) => void (files['datasets/0/patches.npy'][130] ^= 1),
      {},
      /is damaged/,
    ],
    [
      'iterations that run backwards',
      (files) => void files['runs/0/metrics.npy'].copyWithin(128 + 120, 128, 128 + 120),
      {},
      /is damaged/,
    ],
    [
      'a checkpoint that is none',
      (files) => void (files['runs/0/checkpoint.bin'] = Buffer.from('none')),
      {},
      /checkpoint is damaged/,
    ],
  ])('is refused whole where %s', async (_, change, options, message) => {
    await expectRefused(await tampered(change, options), message)
  })

  test('is refused where it is cut, text, an .npz, a folder or not there', async () => {
    const { library, id, file } = await bundled()
    const whole = readFileSync(file)
    for (const length of [0, 10, 1000, whole.length - 100, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length))
      await expectRefused(file, /not a Rho Lab bundle|is damaged/)
    }
    writeFileSync(file, zipSync({ 'W1.npy': Buffer.from('x') }))
    await expectRefused(file, /runs\.rholab is not a Rho Lab bundle\. Give a file that "lab bundle" wrote\./)
    await expectRefused(path.dirname(file), /is not a file/)
    await expectRefused(path.join(path.dirname(file), 'no'), /cannot be opened/)
    expect(getRun(library, id).name).toBe('edges λ')
  })

  test('with the same name twice is refused', async () => {
    const { file } = await bundled()
    const bytes = readFileSync(file)
    for (let at = bytes.indexOf('snapshots/3.npy'); at >= 0; at = bytes.indexOf('snapshots/3.npy', at + 1)) {
      bytes.write('snapshots/0.npy', at)
    }
    writeFileSync(file, bytes)
    await expectRefused(file, /is damaged/)
  })

  test('with entries that lie over each other, to be larger together than the file, is refused', async () => {
    const { file } = await bundled()
    const bytes = readFileSync(file)
    const end = bytes.length - 22
    const directory = bytes.readUInt32LE(end + 16)
    let first = -1
    for (let at = directory; at < end;) {
      // Every entry's bytes are now those of the first one.
      if (first < 0) first = bytes.readUInt32LE(at + 42)
      bytes.writeUInt32LE(first, at + 42)
      at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    }
    writeFileSync(file, bytes)
    await expectRefused(file, /is damaged/)
  })

  test('is refused or the same as it was, whichever bytes are changed', async () => {
    const { library, id, file } = await bundled({ patches: true })
    const whole = readFileSync(file)
    const right = essence(library, id)
    const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, by] of changes) bytes[at] ^= by
        writeFileSync(file, bytes)
        const other = makeLibrary()
        try {
          const { runIds } = await readBundle(other, file)
          expect(essence(other, runIds[0])).toEqual(right)
        } catch (error) {
          if (!(error instanceof LabError)) throw error
          expect(listRuns(other)).toEqual([])
        }
      }),
      { numRuns: tries(60) },
    )
  })

  test('is not left half written where its run has gone', async () => {
    const { library } = await trainedLibrary()
    const file = path.join(makeFolder(), 'r.rholab')
    await expect(writeBundle(library, [99], file)).rejects.toMatchObject({ code: 'notFound' })
    expect(() => statSync(file)).toThrow()
  })
})
