import type { Normalisation } from '#shared/domain/dataset.ts'
import type { InitialWeights } from '#shared/domain/initialWeights.ts'
import type { Outcome, RunStatus, RunSummary } from '#shared/domain/run.ts'
export { engineNames } from '#shared/domain/runNames.ts'
export { outcomeNames } from '#shared/domain/run.ts'
import { activeShare, patchRangeText } from '#shared/model/activations.ts'
import { hasTarget } from '#shared/model/penalties.ts'
import { formatCount, formatCountOf } from './number.ts'

export const statusNames: Record<RunStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
}

/** The line under a run's name: "Finished, 400 iterations", "Converged at 372", "Stopped at 160 of 400". */
export function statusLine(run: RunSummary): string {
  const done = formatCount(run.iterations)
  const planned = formatCount(run.config.iterations)
  switch (run.status) {
    case 'queued':
      return run.iterations > 0 ? `Queued, resumes at ${done} of ${planned}` : 'Queued'
    case 'running':
      return `${done} / ${planned}`
    case 'paused':
      return `Paused at ${done} of ${planned}`
    case 'finished':
      if (run.outcome === 'converged') return `Converged at ${done}`
      if (run.outcome === 'lineSearchFailed') return `Line search ended at ${done}`
      return `Finished, ${formatCountOf(run.iterations, 'iteration')}`
    case 'stopped':
      return `Stopped at ${done} of ${planned}`
    case 'failed':
      return `${failedBy(run.outcome)} after ${formatCountOf(run.iterations, 'iteration')}`
    case 'interrupted':
      return `${interruptedBy(run.outcome)} at ${done} of ${planned}`
  }
}

function failedBy(outcome: Outcome | null): string {
  if (outcome === 'diverged') return 'Diverged'
  return outcome === 'outOfMemory' ? 'Out of memory' : 'Failed'
}

function interruptedBy(outcome: Outcome | null): string {
  if (outcome === 'crashed') return 'Crashed'
  if (outcome === 'killed') return 'Killed'
  return outcome === 'outOfMemory' ? 'Out of memory' : 'Interrupted'
}

/** Off target when the mean of ρ̂ is more than a fifth away from ρ; without KL there is no target. As shares of active. */
export function rhoHatOffTarget(run: RunSummary): 'above' | 'below' | null {
  const { rho, activation } = run.config
  if (!run.rhoHat || !hasTarget(run.config)) return null
  const active = activeShare(activation, run.rhoHat.mean)
  if (Math.abs(active - rho) <= 0.2 * rho) return null
  return active > rho ? 'above' : 'below'
}

const removedText = ({ mean }: { mean?: 'value' }) => (mean === 'value' ? ', mean of each value removed' : '')

export function formatNormalisation(normalisation: Normalisation): string {
  switch (normalisation.kind) {
    case 'squash':
      return `±3σ to ${patchRangeText(normalisation.range, '–')}`
    case 'zca':
      return `ZCA, ε ${normalisation.epsilon}${removedText(normalisation)}`
    case 'pca':
      return `PCA, ε ${normalisation.epsilon}${removedText(normalisation)}`
    case 'mean':
      return 'mean removed'
    case 'none':
      return 'none'
  }
}

/** What a run started from, short and in full; null for random weights. */
export function formatInitialWeights(origin: InitialWeights | null): { short: string; long: string } | null {
  if (origin === null) return null
  if (origin.kind === 'file')
    return { short: origin.file.split(/[\\/]/).at(-1) ?? origin.file, long: origin.file }
  const long = `Run ${origin.runId} “${origin.name}” at iteration ${formatCount(origin.iteration)}`
  return { short: `run ${origin.runId} at ${formatCount(origin.iteration)}`, long }
}
