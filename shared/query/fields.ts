import { isUnderWay, type RunSummary } from '../domain/run.ts'
import { engineOfRun, optimiserNames } from '../domain/runNames.ts'

/** A number of a run that a query can compare, null where the run has none yet. */
type NumberOf = (run: RunSummary) => number | null

/** Words of a run that a query can look for; a term matches if any of them does. */
type WordsOf = (run: RunSummary) => readonly string[]

export const numberFields: Readonly<Record<string, NumberOf>> = {
  id: (run) => run.id,
  sweep: (run) => run.sweepId,
  hidden: (run) => run.config.hidden,
  rho: (run) => run.config.rho,
  lambda: (run) => run.config.lambda,
  beta: (run) => run.config.beta,
  seed: (run) => run.config.seed,
  batch: (run) => (run.config.optimiser === 'lbfgs' ? null : run.config.batch),
  iterations: (run) => run.iterations,
  cost: (run) => run.cost,
  reconstruction: (run) => run.reconstruction,
  decay: (run) => run.weightDecay,
  sparsity: (run) => run.sparsity,
  rhohat: (run) => run.rhoHat?.mean ?? null,
  dead: (run) => run.deadUnits,
  patch: (run) => run.patchSize,
  seconds: (run) => run.elapsedMs / 1000,
}

/** Those that are whole numbers. */
export const countFields: ReadonlySet<string> = new Set([
  'id',
  'sweep',
  'hidden',
  'seed',
  'batch',
  'iterations',
  'dead',
  'patch',
])

export const wordFields: Readonly<Record<string, WordsOf>> = {
  name: (run) => [run.name],
  dataset: (run) => [run.datasetName],
  tag: (run) => run.tags,
  status: (run) => [run.status, run.outcome ?? ''],
  activation: (run) => [run.config.activation],
  decoder: (run) => [run.config.decoder],
  optimiser: (run) => [run.config.optimiser, optimiserNames[run.config.optimiser]],
  engine: (run) => [engineOfRun(run), run.engine?.engine ?? run.config.engine],
  preset: (run) => [run.preset ?? ''],
  is: (run) => [...(run.isArchived ? ['archived'] : []), ...(isUnderWay(run.status) ? ['live'] : [])],
}

/** Other spellings of a field. */
const aliases: Readonly<Record<string, string>> = {
  ρ: 'rho',
  λ: 'lambda',
  β: 'beta',
  ρ̂: 'rhohat',
  h: 'hidden',
  weightdecay: 'decay',
  optimizer: 'optimiser',
  tags: 'tag',
}

/** The field that a written name means, or null. */
export function fieldOf(written: string): string | null {
  const lower = written.toLowerCase()
  const name = Object.hasOwn(aliases, lower) ? aliases[lower] : lower
  return Object.hasOwn(numberFields, name) || Object.hasOwn(wordFields, name) ? name : null
}
