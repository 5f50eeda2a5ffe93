// The nightly torture of sessions and libraries: `node scripts/torture.ts [--rounds N] [--seed S]`. What it promises is
// in docs/development.md; a handful of the same is in test/torture.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openLibrary } from '../db/library.ts'
import { insertDataset } from '../db/queries/insertDataset.ts'
import { generateDataset } from '../main/dataset/generate/generateDataset.ts'
import { defaultSampling } from '../shared/domain/dataset.ts'
import { optimisers } from '../shared/domain/runConfig.ts'
import { createRandom } from '../shared/random/random.ts'
import { killAndResume } from './torture/killAndResume.ts'
import { shortRuns } from './torture/shortRuns.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
})
const random = createRandom(Number(values.seed))
const folder = mkdtempSync(path.join(os.tmpdir(), 'rho-lab-torture-'))

async function makeDataset(): Promise<number> {
  const library = openLibrary(folder)
  const sampling = {
    ...defaultSampling,
    patches: 300,
    patchSize: 4,
    normalisation: { kind: 'none' } as const,
  }
  const id = await insertDataset(library, await generateDataset('bars', { name: 'bars', sampling }))
  library.close()
  return id
}

const datasetId = await makeDataset()
let kills = 0
for (let round = 1; round <= Number(values.rounds); round++) {
  const optimiser = optimisers[random.integer(optimisers.length)]
  const iterations = 50 + random.integer(1_500)
  const program = random.integer(2) === 0 ? 'session' : 'lab'
  const report = await killAndResume({
    folder,
    datasetId,
    program,
    optimiser,
    iterations,
    random: () => random.uniform(),
    longestMs: 1_500,
    mostKills: 40,
  })
  kills += report.kills
  console.log(`round ${round}: ${program}, ${optimiser}, ${iterations} iterations, ${report.kills} kills`)
  if (report.faults.length > 0) fail(report.faults)
}

const level = await shortRuns({ folder, datasetId, count: 10 * Number(values.rounds) })
console.log(
  `${10 * Number(values.rounds)} short runs: memory ${megabytes(level.memoryBytes)}, ${level.handles} handles, ` +
    `${megabytes(level.diskBytes)} on disk more than half way`,
)
const rubbish = readdirSync(path.join(folder, 'blobs')).filter((name) => name.endsWith('.part'))
if (rubbish.length > 0) fail([`${rubbish.length} temporary files are left`])
const sizeBytes = statSync(path.join(folder, 'library.sqlite')).size
rmSync(folder, { recursive: true })
console.log(`${kills} kills, nothing lost; the library had ${megabytes(sizeBytes)}.`)

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function fail(faults: string[]): never {
  console.error(`${faults.join('\n')}\nThe library is kept in ${folder}; seed ${values.seed}.`)
  process.exit(1)
}
