import { describe, expect, test } from 'vitest'
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { writeCheckpoint } from '#db/queries/checkpoints.ts'
import { createRandom } from '#shared/random/random.ts'
import { findFaults } from '../../scripts/torture/findFaults.ts'
import { killAndResume } from '../../scripts/torture/killAndResume.ts'
import { makeFolder, makeLibrary, makeRun } from '../db/makeLibrary.ts'
import { libraryWithBars } from '../session/bars.ts'

// Hundreds of these: scripts/torture.ts.
test.each([
  ['session', 'lbfgs'],
  ['session', 'adam'],
  ['session', 'sgd'],
  ['lab', 'adam'],
] as const)(
  '%s, %s: a run whose process is killed at any moment loses a batch at most, and ends bit for bit as if it had not been',
  async (program, optimiser) => {
    const random = createRandom(7)
    const folder = makeFolder()
    const { library, datasetId } = await libraryWithBars(folder)
    library.close()
    const report = await killAndResume({
      folder,
      datasetId,
      program,
      optimiser,
      iterations: program === 'lab' ? 400 : optimiser === 'lbfgs' ? 120 : 60,
      random: () => random.uniform(),
      longestMs: program === 'lab' ? 1_500 : 2_000,
      mostKills: 5,
    })
    expect(report.faults).toEqual([])
  },
  120_000,
)

describe('faults are found: ', () => {
  test.each<[string, string, RegExp]>([
    [
      'an iteration in the middle is gone',
      'DELETE FROM iterations WHERE iteration = 2',
      /4 iterations up to 4/,
    ],
    [
      'a run of a dataset that is not there',
      'PRAGMA foreign_keys = OFF; UPDATE runs SET dataset_id = 9',
      /foreign_key/,
    ],
    ['a blob that is not there', "UPDATE snapshots SET blob_hash = 'none'", /blob none is missing/],
  ])('%s', async (_what, sql, fault) => {
    const library = makeLibrary()
    await makeRun(library, { iterations: 5, snapshots: [0], status: 'stopped' })
    expect(findFaults(library.folder)).toEqual([])
    library.db.exec(sql)
    expect(findFaults(library.folder).join('\n')).toMatch(fault)
  })

  test('a checkpoint that is no checkpoint', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 5, status: 'stopped' })
    await writeCheckpoint(library, id, 4, new Uint8Array(40))
    expect(findFaults(library.folder).join()).toMatch(/The checkpoint is damaged/)
  })

  test('nothing of what killed writers leave stays after cleaning', async () => {
    const library = makeLibrary()
    await makeRun(library)
    writeFileSync(path.join(library.folder, 'blobs', 'half.part'), 'half')
    expect(findFaults(library.folder)).toEqual([])
    expect(readdirSync(path.join(library.folder, 'blobs'))).not.toContain('half.part')
  })
})
