import { expect, test } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { insertDataset } from '#db/queries/insertDataset.ts'
import { generateDataset } from '#main/dataset/generate/generateDataset.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { shortRuns } from '../../scripts/torture/shortRuns.ts'
import { makeFolder } from '../db/makeLibrary.ts'

// A thousand of these: scripts/torture.ts.
test('many short runs leave memory, handles and disk as they were', async () => {
  const folder = makeFolder()
  const library = openLibrary(folder)
  const sampling = { ...defaultSampling, patches: 50, patchSize: 4, normalisation: { kind: 'none' } as const }
  const datasetId = await insertDataset(library, await generateDataset('bars', { name: 'bars', sampling }))
  library.close()
  const growth = await shortRuns({ folder, datasetId, count: 12 })
  // A worker that stays takes some 40 MB; six would have stayed.
  expect(growth.memoryBytes).toBeLessThan(120e6)
  expect(growth.handles).toBeLessThanOrEqual(0)
  // A page or two of free lists.
  expect(growth.diskBytes).toBeLessThanOrEqual(16_384)
}, 120_000)
