import { expect, test } from 'vitest'
import { shortRuns } from '../../scripts/torture/shortRuns.ts'
import { makeFolder } from '../db/makeLibrary.ts'
import { libraryWithBars } from '../session/bars.ts'

// A thousand of these: scripts/torture.ts.
test('many short runs leave memory, handles and disk as they were', async () => {
  const folder = makeFolder()
  const { library, datasetId } = await libraryWithBars(folder, 50)
  library.close()
  const growth = await shortRuns({ folder, datasetId, count: 12 })
  // A worker that stays takes some 40 MB; six would have stayed.
  expect(growth.memoryBytes).toBeLessThan(120e6)
  expect(growth.handles).toBeLessThanOrEqual(0)
  // A page or two of free lists.
  expect(growth.diskBytes).toBeLessThanOrEqual(16_384)
})
