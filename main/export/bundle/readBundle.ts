import type { Library } from '#db/library.ts'
import { removeDataset } from '#db/queries/datasets.ts'
import { removeRuns } from '#db/queries/runs.ts'
import { stopHere } from '../stopHere.ts'
import { asItWas, openBundle } from './openBundle.ts'
import { restoreBundledDataset, type RestoredDataset } from './restoreBundledDataset.ts'
import { checkRun, restoreBundledRun } from './restoreBundledRun.ts'

export interface OpenedBundle {
  /** In the order of the bundle. */
  runIds: number[]
  /** In the order of the bundle. */
  datasets: RestoredDataset[]
}

/**
 * Takes the runs of a bundle into a library, under new numbers, as they were. Their datasets are those of the library
 * with the same patches, else the bundle's own; where neither has the patches, a card that says what they were, with
 * which runs can be looked at but not resumed.
 * @throws LabError badInput where the file is no bundle, of a newer Rho Lab, or damaged: then the library is as it was;
 *   libraryBusy, diskFull; stopped where the signal is aborted: likewise
 */
export async function readBundle(
  library: Library,
  file: string,
  signal?: AbortSignal,
): Promise<OpenedBundle> {
  const bundle = await openBundle(file, signal)
  const stop = () => stopHere(signal, asItWas)
  const runIds: number[] = []
  const datasets: RestoredDataset[] = []
  try {
    for (const place of bundle.manifest.runs.keys()) {
      await stop()
      checkRun(bundle, place)
    }
    for (const place of bundle.manifest.datasets.keys()) {
      await stop()
      datasets.push(await restoreBundledDataset(library, bundle, place))
    }
    for (const [place, { dataset }] of bundle.manifest.runs.entries()) {
      await stop()
      await restoreBundledRun(library, bundle, place, datasets[dataset].id, (id) => runIds.push(id))
    }
    await stop()
    return { runIds, datasets }
  } catch (error) {
    takeBack(library, runIds, datasets)
    throw error
  } finally {
    bundle.close()
  }
}

/** What was stored before it went wrong. */
function takeBack(library: Library, runIds: readonly number[], datasets: readonly RestoredDataset[]): void {
  removeRuns(library, runIds)
  for (const { id, isNew } of datasets) {
    if (isNew) removeDataset(library, id)
  }
}
