import { z } from 'zod'
import { readImages } from '#db/queries/datasetImages.ts'
import { runConfigSchema } from '#shared/domain/runConfig.ts'
import { filterSpaces } from '#shared/filters/pixelFilters.ts'
import type { Handle } from './handle.ts'
import { id, index, iteration } from './schemas.ts'
import type { Services } from './services.ts'

const unitAt = z.tuple([id, index, iteration])
const unitIn = z.tuple([id, index, iteration, z.enum(filterSpaces)])

/** Questions about hidden units and gradients, answered by a process of its own, and the images to show with the answers. */
export function handleAnalysis(handle: Handle, { library, analysis }: Services): void {
  handle('units.activations', unitAt, (...at) => analysis.ask('activations', ...at))
  handle('units.history', z.tuple([id, index]), (...at) => analysis.ask('history', ...at))
  handle('units.matches', unitIn, (...at) => analysis.ask('matches', ...at))
  handle('units.gabor', unitIn, (...at) => analysis.ask('gabor', ...at))
  handle('runs.rhoHatMap', z.tuple([id]), (runId) => analysis.ask('rhoHatMap', runId))
  handle('runs.worstPatches', z.tuple([id, iteration, z.number().int().min(1).max(24)]), (...of) =>
    analysis.ask('worstPatches', ...of),
  )
  handle('filters.match', z.tuple([z.array(id).min(2).max(8)]), (runIds) => analysis.ask('matchRuns', runIds))
  handle('runs.variances', z.tuple([id]), (runId) => analysis.ask('patchVariances', runId))
  handle('gradient.check', z.tuple([id, runConfigSchema]), (...of) => analysis.ask('gradient', ...of))
  handle('datasets.images', z.tuple([id, z.array(index).max(256)]), (datasetId, indices) =>
    readImages(library, datasetId, indices),
  )
}
