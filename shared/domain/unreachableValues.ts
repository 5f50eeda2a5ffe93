import { activationTable, patchRangeText, type ActivationName } from '../model/activations.ts'
import { usualRange, type Normalisation } from './dataset.ts'
import type { RunConfig } from './runConfig.ts'

/** Values that no reconstruction reaches, whatever the network learns. */
export interface UnreachableValues {
  /** What lies outside of what, one sentence. */
  text: string
  /** One sentence. */
  mend: string
  /** The units for which normalisation brings values where this decoder reaches. */
  range: ActivationName
}

/** Rounding in float32 is not a value outside. */
const slack = 1e-4

const shown = (value: number) => String(Number(value.toPrecision(3))).replace('-', '−')

/**
 * Whether patches hold values that a decoder cannot give; null where it reaches all, as a linear one does.
 * @param values smallest and largest of the patches
 */
export function unreachableValues(
  { activation, decoder }: Pick<RunConfig, 'activation' | 'decoder'>,
  { min, max }: { min: number; max: number },
): UnreachableValues | null {
  if (decoder === 'linear') return null
  const [low, high] = activationTable[activation].range
  if (min >= low - slack && max <= high + slack) return null
  return {
    text: `The patches hold values from ${shown(min)} to ${shown(max)}; a ${activation} decoder gives only ${shown(low)} to ${shown(high)}.`,
    mend: `Choose the linear decoder, or make the dataset anew with ±3σ normalisation, ${patchRangeText(activation, ' to ')}.`,
    range: activation,
  }
}

/**
 * What a dataset is to be told on its way in: that the units a run has by default do not reach its values. Nothing where
 * its normalisation was made for other units.
 */
export function unreachableByDefault(
  normalisation: Normalisation,
  values: { min: number; max: number },
): UnreachableValues | null {
  if (normalisation.kind === 'squash') return null
  return unreachableValues({ activation: usualRange, decoder: 'same' }, values)
}
