import type { Library } from '#db/library.ts'
import { writeCheckpoint } from '#db/queries/checkpoints.ts'
import { iterationColumns } from '#db/queries/iterations.ts'
import type { RhoHatRecord } from '#db/queries/rhoHats.ts'
import { restoreRun } from '#db/queries/runs.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import { decodeCheckpoint } from '#main/session/checkpoint.ts'
import type { IterationColumns } from '#shared/domain/run.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import { runFiles } from './fileNames.ts'
import { damaged, type OpenBundle } from './openBundle.ts'

/** Refuses a record that no training could have left. @throws LabError badInput */
export function checkRun(bundle: OpenBundle, place: number): void {
  const run = bundle.manifest.runs[place]
  const { iteration, evaluations, elapsedMs } = readMetrics(bundle, place)
  const whole =
    isAscending(iteration) &&
    evaluations.every((value) => Number.isSafeInteger(value) && value >= 0) &&
    elapsedMs.every(Number.isFinite)
  const recorded = isAscending(bundle.float64(runFiles(place).rhoHatIterations, [run.rhoHats]))
  const isKnown = run.dataset < bundle.manifest.datasets.length
  if (!whole || !recorded || !isKnown || !isAscending(run.snapshots)) throw damaged(bundle.name)
  if (run.checkpoint !== null) decodeCheckpoint(bundle.bytes(runFiles(place).checkpoint))
}

const isAscending = (values: ArrayLike<number>) =>
  Array.from(values).every(
    (value, k, all) => Number.isSafeInteger(value) && value >= (k === 0 ? 0 : all[k - 1] + 1),
  )

/** @param onStored is told the new run's id as soon as it is there: what follows may fail */
export async function restoreBundledRun(
  library: Library,
  bundle: OpenBundle,
  place: number,
  datasetId: number,
  onStored: (id: number) => void,
): Promise<void> {
  const {
    dataset,
    iterations: _,
    metrics: __,
    rhoHats,
    snapshots,
    checkpoint,
    ...run
  } = bundle.manifest.runs[place]
  const { hash, visible: n } = bundle.manifest.datasets[dataset]
  const h = run.config.hidden
  const name = runFiles(place)
  const id = restoreRun(library, datasetId, hash, {
    ...run,
    series: readMetrics(bundle, place),
    rhoHats: readRhoHats(bundle, place, rhoHats, h),
  })
  onStored(id)
  const averages = bundle.float32(name.snapshotRhoHat, [snapshots.length, h])
  for (const [k, iteration] of snapshots.entries()) {
    const theta = bundle.float32(name.snapshot(iteration), [thetaLayout({ n, h }).length])
    await writeSnapshot(library, id, iteration, theta, averages.slice(k * h, (k + 1) * h))
  }
  if (checkpoint !== null) await writeCheckpoint(library, id, checkpoint, bundle.bytes(name.checkpoint))
}

function* readRhoHats(bundle: OpenBundle, place: number, count: number, h: number): Generator<RhoHatRecord> {
  const name = runFiles(place)
  const iterations = bundle.float64(name.rhoHatIterations, [count])
  const values = bundle.float32(name.rhoHat, [count, h])
  for (const [k, iteration] of iterations.entries()) {
    yield { iteration, rhoHat: values.subarray(k * h, (k + 1) * h) }
  }
}

/** The columns that this version knows, by their names; NaN where the bundle has none. */
function readMetrics(bundle: OpenBundle, place: number): IterationColumns {
  const { iterations: count, metrics } = bundle.manifest.runs[place]
  const values = bundle.float64(runFiles(place).metrics, [count, metrics.length])
  const column = (name: string) => {
    const at = metrics.indexOf(name)
    return Float64Array.from({ length: count }, (_, k) => (at < 0 ? NaN : values[k * metrics.length + at]))
  }
  const names = Object.keys(iterationColumns) as (keyof typeof iterationColumns)[]
  const series = Object.fromEntries(names.map((name) => [name, column(name)]))
  return { count, ...(series as Omit<IterationColumns, 'count'>) }
}
