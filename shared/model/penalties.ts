import { activationNames, shareOf, shareSlope, type ActivationName } from './activations.ts'
import { add, bind, divide, log, multiply, subtract, variable, type Expression } from './expression.ts'
import { vectorProgram } from './vectorProgram.ts'

/** What of a network's settings the penalty depends on. */
export interface PenaltySettings {
  activation: ActivationName
  rho: number
  beta: number
}

const rho = variable('rho')
const r = variable('r')
const beta = variable('beta')

/** KL(ρ ‖ r) between Bernoulli variables of means `rho` and `r`, in nats; infinite where r is 0 or 1. */
export const divergence = add(
  multiply(rho, log(divide(rho, r))),
  multiply(subtract(1, rho), log(divide(subtract(1, rho), subtract(1, r)))),
)

/** dKL/dr */
const divergenceSlope = subtract(divide(subtract(1, rho), subtract(1, r)), divide(rho, r))

/** What a unit of average activation `rhoHat` costs, without the weight β; and how steeply β times that rises with it. */
const unitCost = (activation: ActivationName): Expression => bind(divergence, { r: shareOf(activation) })
const unitSlope = (activation: ActivationName): Expression =>
  multiply(multiply(beta, shareSlope(activation)), bind(divergenceSlope, { r: shareOf(activation) }))

const programOf = (activation: ActivationName) => ({
  cost: vectorProgram(unitCost(activation)),
  slope: vectorProgram(unitSlope(activation)),
})
const programs = Object.fromEntries(activationNames.map((name) => [name, programOf(name)])) as Record<
  ActivationName,
  ReturnType<typeof programOf>
>

/** β times the penalty of all units. β = 0 switches it off even where a saturated unit makes it infinite. */
export function penaltyCost({ activation, rho, beta }: PenaltySettings, rhoHat: ArrayLike<number>): number {
  if (beta === 0) return 0
  const cost = new Float64Array(rhoHat.length)
  programs[activation].cost(cost, { rhoHat: Float64Array.from(rhoHat), rho })
  let sum = 0
  for (const ofUnit of cost) sum += ofUnit
  return beta * sum
}

/** How steeply the cost rises with each unit's average activation, length h: all that a gradient knows of the penalty. */
export function unitSlopes({ activation, rho, beta }: PenaltySettings, rhoHat: Float64Array): Float64Array {
  const slope = new Float64Array(rhoHat.length)
  if (beta !== 0) programs[activation].slope(slope, { rhoHat, rho, beta })
  return slope
}

/** The same as an expression of `rhoHat`, for engines that compute it themselves; null where nothing is penalised. */
export const slopeExpression = ({ activation, rho, beta }: PenaltySettings): Expression | null =>
  beta === 0 ? null : bind(unitSlope(activation), { rho, beta })
