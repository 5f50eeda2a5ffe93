import { activationNames, shareOf, shareSlope, type ActivationName } from './activations.ts'
import { add, bind, divide, log, multiply, subtract, variable, type Expression } from './expression.ts'
import type { NetworkSize } from './theta.ts'
import { vectorProgram } from './vectorProgram.ts'

/** What of a network's settings the penalty depends on. */
export interface PenaltySettings {
  activation: ActivationName
  penalty: 'kl' | 'l1' | 'none'
  rho: number
  beta: number
}

const rho = variable('rho')
const r = variable('r')
const beta = variable('beta')
const rhoHat = variable('rhoHat')
const norm = variable('norm')

/** KL(ρ ‖ r) between Bernoulli variables of means `rho` and `r`, in nats; infinite where r is 0 or 1. */
export const divergence = add(
  multiply(rho, log(divide(rho, r))),
  multiply(subtract(1, rho), log(divide(subtract(1, rho), subtract(1, r)))),
)

/** dKL/dr */
const divergenceSlope = subtract(divide(subtract(1, rho), subtract(1, r)), divide(rho, r))

/** A penalty, of a unit's average activation `rhoHat` and of the `norm` of its column of the decoder, ‖d_j‖. */
interface UnitPenalty {
  /** What the unit costs, without the weight β. */
  cost: Expression
  /** How steeply β times that rises with the average activation. */
  slope: Expression
  /** And with the column itself: this times d_j. */
  columnSlope: Expression | null
}

/** What keeps hidden units inactive on most patches. */
const unitPenalties: Record<'kl' | 'l1', (activation: ActivationName) => UnitPenalty> = {
  kl: (activation) => ({
    cost: bind(divergence, { r: shareOf(activation) }),
    slope: multiply(
      multiply(beta, shareSlope(activation)),
      bind(divergenceSlope, { r: shareOf(activation) }),
    ),
    columnSlope: null,
  }),
  // The mean of |a_j|, for units that are inactive at 0 and never below.
  l1: () => ({
    cost: multiply(rhoHat, norm),
    slope: multiply(beta, norm),
    columnSlope: divide(multiply(beta, rhoHat), norm),
  }),
}

const programsOf = ({ cost, slope, columnSlope }: UnitPenalty) => ({
  cost: vectorProgram(cost),
  slope: vectorProgram(slope),
  columnSlope: columnSlope && vectorProgram(columnSlope),
})
type Programs = ReturnType<typeof programsOf>
const programsFor = (penalty: 'kl' | 'l1') =>
  Object.fromEntries(
    activationNames.map((name) => [name, programsOf(unitPenalties[penalty](name))]),
  ) as Record<ActivationName, Programs>
const programs = { kl: programsFor('kl'), l1: programsFor('l1') }

/** The penalty; null where nothing is penalised: β = 0 switches it off even where a saturated unit makes it infinite. */
const penaltyOf = ({ penalty, beta }: PenaltySettings): 'kl' | 'l1' | null =>
  penalty === 'none' || beta === 0 ? null : penalty

/** Whether there is an average activation ρ that units are pushed to. */
export const hasTarget = (settings: Pick<PenaltySettings, 'penalty' | 'beta'>): boolean =>
  settings.penalty === 'kl' && settings.beta > 0

/** Whether any activity costs anything. */
export const isPenalised = (settings: Pick<PenaltySettings, 'penalty' | 'beta'>): boolean =>
  settings.penalty !== 'none' && settings.beta > 0

/** Whether it depends on the norms of the decoder's columns. */
export const usesNorms = (settings: PenaltySettings): boolean => penaltyOf(settings) === 'l1'

/** The norm of each column of the decoder, length h. @param W2 n × h, row-major */
export function columnNorms(W2: ArrayLike<number>, { n, h }: NetworkSize): Float64Array {
  const norms = new Float64Array(h)
  for (let k = 0; k < n; k++) for (let j = 0; j < h; j++) norms[j] += W2[k * h + j] * W2[k * h + j]
  for (let j = 0; j < h; j++) norms[j] = Math.sqrt(norms[j])
  return norms
}

/** β times the penalty of all units. @param W2 n × h, row-major */
export function penaltyCost(
  settings: PenaltySettings,
  rhoHat: ArrayLike<number>,
  W2: ArrayLike<number>,
): number {
  const penalty = penaltyOf(settings)
  if (penalty === null) return 0
  const h = rhoHat.length
  const norm = penalty === 'l1' ? columnNorms(W2, { n: W2.length / h, h }) : 0
  const cost = new Float64Array(h)
  programs[penalty][settings.activation].cost(cost, {
    rhoHat: Float64Array.from(rhoHat),
    rho: settings.rho,
    norm,
  })
  let sum = 0
  for (const ofUnit of cost) sum += ofUnit
  return settings.beta * sum
}

/**
 * How steeply the cost rises with each unit's average activation, length h: all that the encoder's gradient knows of the
 * penalty.
 * @param W2 n × h, row-major
 */
export function unitSlopes(
  settings: PenaltySettings,
  rhoHat: Float64Array,
  W2: ArrayLike<number>,
): Float64Array {
  const h = rhoHat.length
  const slope = new Float64Array(h)
  const penalty = penaltyOf(settings)
  if (penalty === null) return slope
  const { rho, beta, activation } = settings
  const norm = penalty === 'l1' ? columnNorms(W2, { n: W2.length / h, h }) : 0
  programs[penalty][activation].slope(slope, { rhoHat, rho, beta, norm })
  return slope
}

/**
 * Adds what the penalty gives the decoder's gradient, where it depends on its columns: β·ρ̂_j·d_j/‖d_j‖, and nothing
 * for a column that is 0.
 * @param gradient of W2, n × h, row-major
 */
export function addColumnSlopes(
  gradient: Float64Array,
  settings: PenaltySettings,
  rhoHat: Float64Array,
  W2: Float64Array,
): void {
  const penalty = penaltyOf(settings)
  const program = penalty && programs[penalty][settings.activation].columnSlope
  if (!program) return
  const h = rhoHat.length
  const norm = columnNorms(W2, { n: W2.length / h, h })
  const factor = new Float64Array(h)
  program(factor, { rhoHat, beta: settings.beta, norm })
  for (let i = 0; i < W2.length; i++) if (norm[i % h] > 0) gradient[i] += factor[i % h] * W2[i]
}

/** The slopes as expressions, for engines that compute them themselves; null where there are none. */
export function slopeExpressions(settings: PenaltySettings): {
  /** Of `rhoHat` and `norm`. */
  slope: Expression | null
  columnSlope: Expression | null
} {
  const penalty = penaltyOf(settings)
  if (penalty === null) return { slope: null, columnSlope: null }
  const { rho, beta, activation } = settings
  const { slope, columnSlope } = unitPenalties[penalty](activation)
  const bound = (expression: Expression | null) => expression && bind(expression, { rho, beta })
  return { slope: bound(slope), columnSlope: bound(columnSlope) }
}
