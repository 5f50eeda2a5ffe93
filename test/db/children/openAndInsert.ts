// Opens the library given first and adds as many runs to its dataset 1 as given second, one transaction each.
import { momentNow } from '#db/clock.ts'
import { openLibrary } from '#db/library.ts'
import { appendIterations } from '#db/queries/iterations.ts'
import { claimRun, insertRun } from '#db/queries/runs.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'

const [folder, count, name] = process.argv.slice(2)
const library = openLibrary(folder)
for (let k = 0; k < Number(count); k++) {
  const id = insertRun(library, {
    name: `${name} ${k}`,
    datasetId: 1,
    config: defaultConfig,
    preset: null,
    tags: [],
    appVersion: '',
    machine: '',
  })
  claimRun(library, id, name, momentNow())
  const parts = { cost: 1, reconstruction: 1, weightDecay: 0, sparsity: 0, validation: null }
  const record = { ...parts, gradientNorm: 1, stepLength: 1 }
  const rhoHat = new Float32Array(25)
  appendIterations(library, id, [{ ...record, iteration: 0, evaluations: 1, elapsedMs: 1, rhoHat }])
}
library.close()
