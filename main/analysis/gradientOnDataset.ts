import type { Library } from '#db/library.ts'
import { getDataset, patchesFile } from '#db/queries/datasets.ts'
import { checkEngineGradient } from '#main/engine/checkEngineGradient.ts'
import type { EngineGradientCheck } from '#shared/domain/gradientCheck.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { withPatches } from './withPatches.ts'

/** A handful is enough, and every difference costs two passes over them. */
const usualPatches = 10

/**
 * Checks the gradient of the engine that would compute a configuration on the first patches of a dataset.
 * @param count  patches to take, or all where there are fewer
 * @param check  does it: here, or in a thread
 * @throws LabError notFound; badInput where the patches are damaged; engineUnavailable
 */
export async function gradientOnDataset(
  library: Library,
  datasetId: number,
  config: RunConfig,
  count: number = usualPatches,
  check: typeof checkEngineGradient = checkEngineGradient,
): Promise<EngineGradientCheck> {
  const { patches: m, visible: n } = getDataset(library, datasetId)
  const rows = Array.from({ length: Math.min(count, m) }, (_, row) => row)
  const patches = withPatches(patchesFile(library, datasetId), m, n, (file) => file.read(rows))
  return check(config, patches, n, m)
}
