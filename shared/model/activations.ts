import { divide, logistic, multiply, subtract, tanh, variable, type Expression } from './expression.ts'

/** What a unit makes of its weighted sum z. All that is known of an activation stands in its entry. */
export interface ActivationEntry {
  label: string
  /** One sentence. */
  what: string
  /** f, of `z`. */
  value: Expression
  /** f′, of `a` = f(z): engines keep a, not z. */
  derivative: Expression
  /** What a unit answers when it is inactive, and when it is fully active. */
  range: readonly [inactive: number, active: number]
  /** Where ±3σ normalisation maps the values of patches for a decoder of this kind: inside of what it reaches. */
  patchRange: readonly [low: number, high: number]
}

const z = variable('z')
const a = variable('a')

/** The activations that hidden units can have. To add one: an entry here. */
export const activationTable = {
  sigmoid: {
    label: 'sigmoid',
    what: 'Units answer between 0 (inactive) and 1 (active).',
    value: logistic(z),
    derivative: multiply(a, subtract(1, a)),
    range: [0, 1],
    patchRange: [0.1, 0.9],
  },
  tanh: {
    label: 'tanh',
    what: 'Units answer between −1 (inactive) and 1 (active).',
    value: tanh(z),
    derivative: subtract(1, multiply(a, a)),
    range: [-1, 1],
    patchRange: [-0.8, 0.8],
  },
} as const satisfies Record<string, ActivationEntry>

export type ActivationName = keyof typeof activationTable
export const activationNames = Object.keys(activationTable) as [ActivationName, ...ActivationName[]]
export const isActivation = (name: string): name is ActivationName => Object.hasOwn(activationTable, name)

/** The activation's own formulas, or those of an output that is a plain sum. */
export type Formulas = Pick<ActivationEntry, 'value' | 'derivative'>
const linear: Formulas = { value: z, derivative: { kind: 'constant', value: 1 } }

export const formulasOf = (activation: ActivationName): Formulas => activationTable[activation]

/** g, the decoder's function: f itself, or linear. */
export const decoderFormulas = ({
  activation,
  decoder,
}: {
  activation: ActivationName
  decoder: 'same' | 'linear'
}): Formulas => (decoder === 'linear' ? linear : activationTable[activation])

/** How far apart "active" and "inactive" are. */
const width = (activation: ActivationName): number => {
  const [inactive, active] = activationTable[activation].range
  return active - inactive
}

/** r = (ρ̂ − inactive)/(active − inactive), of `rhoHat`: an average activation as a share of "active". */
export const shareOf = (activation: ActivationName): Expression =>
  divide(subtract(variable('rhoHat'), activationTable[activation].range[0]), width(activation))

/** dr/dρ̂ */
export const shareSlope = (activation: ActivationName): number => 1 / width(activation)

/** An activation, or an average of some, as a share of "active": itself where inactive is 0 and active 1. */
export const activeShare = (activation: ActivationName, value: number): number =>
  (value - activationTable[activation].range[0]) / width(activation)

/** The activation, or average of some, that is this share of "active". */
export const activationAt = (activation: ActivationName, share: number): number =>
  activationTable[activation].range[0] + share * width(activation)

/** Where ±3σ normalisation maps values, as people read it: "0.1–0.9", "−0.8 to 0.8". */
export const patchRangeText = (activation: ActivationName, between: string): string =>
  activationTable[activation].patchRange.map((value) => String(value).replace('-', '−')).join(between)

/** How the share is written of an activation, as (plus + a)/over; null where it is the activation itself. */
export function shareText(activation: ActivationName): { plus: number; over: number } | null {
  const [inactive] = activationTable[activation].range
  const over = width(activation)
  return inactive === 0 && over === 1 ? null : { plus: -inactive, over }
}
