import { z } from 'zod'
import { listDatasets } from '#db/queries/datasets.ts'
import { defaultSampling, normalisationSchema, type DatasetSummary } from '#shared/domain/dataset.ts'
import { findPreset } from '#shared/domain/presets.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Handle } from './handle.ts'
import { startRun } from './runs.ts'
import type { Services } from './services.ts'

/** One click from an empty library to a run. */
export function handleDemo(handle: Handle, services: Services): void {
  const { library, imports, changed } = services
  handle('demo.start', z.tuple([]), async () => {
    const edges = findPreset('edges')
    if (!edges) throw new LabError('internal', 'The preset "edges" is missing.')
    let datasetId = listDatasets(library).find(isSampleImages)?.id
    if (datasetId === undefined) {
      datasetId = await imports.start(
        { kind: 'generate', generator: 'natural' },
        'Sample images',
        defaultSampling,
      )
      changed({ runs: false, datasets: true })
    }
    return startRun(services, {
      datasetId,
      config: edges.config,
      name: 'Edges from sample images',
      preset: edges.id,
      tags: [],
    })
  })
}

/** Whatever it is called by now: the patches are those that the demo would generate. */
function isSampleImages(dataset: DatasetSummary): boolean {
  const { patchSize, patches, channels, seed, normalisation } = defaultSampling
  const same = (value: unknown) => JSON.stringify(normalisationSchema.parse(value))
  return (
    dataset.kind === 'natural' &&
    dataset.patchSize === patchSize &&
    dataset.patches === patches &&
    dataset.channels === channels &&
    dataset.seed === seed &&
    same(dataset.normalisation) === same(normalisation)
  )
}
