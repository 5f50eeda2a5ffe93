import { comparedAt, keptOf } from '#shared/domain/halving.ts'
import { median } from '#shared/domain/candidates.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import type { Halving } from '#shared/domain/sweep.ts'

/** What the time of an iteration depends on. */
function shapeOf(config: RunConfig, datasetId: number): string {
  const { hidden, optimiser, batch, engine, activation, decoder, validation } = config
  return JSON.stringify([
    datasetId,
    hidden,
    optimiser,
    optimiser === 'lbfgs' ? 0 : batch,
    engine,
    activation,
    decoder,
    validation > 0,
  ])
}

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
 * @returns milliseconds; null where nothing alike has been trained yet
 */
export function estimateMs(
  configs: readonly RunConfig[],
  datasetId: number,
  earlier: readonly RunSummary[],
  share: number,
): number | null {
  const paces = new Map<string, number[]>()
  for (const run of earlier) {
    if (run.iterations < 5 || run.elapsedMs <= 0 || run.datasetId !== datasetId) continue
    const shape = shapeOf(run.config, datasetId)
    paces.set(shape, [...(paces.get(shape) ?? []), run.elapsedMs / run.iterations])
  }
  let total = 0
  for (const config of configs) {
    const pace = median(paces.get(shapeOf(config, datasetId)) ?? [])
    if (pace === null) return null
    total += pace * config.iterations * share
  }
  return total
}
