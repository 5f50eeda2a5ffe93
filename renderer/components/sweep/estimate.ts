import { comparedAt, keptOf } from '#shared/domain/halving.ts'
import { median } from '#shared/domain/candidates.ts'
import type { PlannedRun } from '#shared/domain/planSweep.ts'
import { proposedParallel, takesOneCore, type QueueState } from '#shared/domain/queueState.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import type { Halving } from '#shared/domain/sweep.ts'
import { isUsed, settingKeys, settingOf } from '#shared/settings/runSettings.ts'

/** What the time of an iteration depends on. */
const shapeOf = (config: RunConfig, datasetId: number): string =>
  JSON.stringify([datasetId, ...paceKeys.map((key) => (isUsed(key, config) ? config[key] : null))])
const paceKeys = settingKeys.filter((key) => settingOf(key).setsPace)

/** Share of all iterations that is carried out: 1 without halving. */
export function workShare(halving: Halving | null, iterations: number, candidates: number): number {
  if (!halving || candidates === 0) return 1
  let [alive, done, before] = [candidates, 0, 0]
  for (const at of comparedAt(halving, iterations)) {
    done += alive * (at - before)
    before = at
    alive = keptOf(alive, halving.eta)
  }
  return done / (candidates * iterations)
}

/**
 * How long runs will take one after the other, from the pace of earlier runs on the same data of the same size.
 * @param datasetId  of runs that name none
 * @returns milliseconds; null where nothing alike has been trained yet
 */
export function estimateMs(
  runs: readonly PlannedRun[],
  datasetId: number,
  earlier: readonly RunSummary[],
  share: number,
): number | null {
  const paces = new Map<string, number[]>()
  for (const run of earlier) {
    if (run.iterations < 5 || run.elapsedMs <= 0) continue
    const shape = shapeOf(run.config, run.datasetId)
    paces.set(shape, [...(paces.get(shape) ?? []), run.elapsedMs / run.iterations])
  }
  let total = 0
  for (const { config, datasetId: own } of runs) {
    const pace = median(paces.get(shapeOf(config, own ?? datasetId)) ?? [])
    if (pace === null) return null
    total += pace * config.iterations * share
  }
  return total
}

/**
 * How many of these runs are trained at the same time and each as fast as alone: engines that fill the machine share it,
 * and gain nothing.
 */
export function runsSideBySide(
  runs: readonly PlannedRun[],
  { parallel: { choice }, cores }: Pick<QueueState, 'parallel' | 'cores'>,
): number {
  const engines = runs.map(({ config }) => config.engine)
  if (engines.length === 0 || !engines.every(takesOneCore)) return 1
  const atATime = choice === 'auto' ? proposedParallel(cores, engines).count : choice
  return Math.min(atATime, cores, runs.length)
}
