import type { Random } from '../random/random.ts'
import { LabError } from './labError.ts'
import { isWhole, type SettingValue } from '../settings/runSettings.ts'
import { parameterName, type SweepAxis, type SweepParameter } from './sweep.ts'

/** Values between the ends of a range are rounded to so many digits, so that they can be read and typed again. */
const digits = 4

/**
 * The values of an axis in a grid, in order, each once.
 * @throws LabError badInput, naming the axis and the value
 */
export function axisValues({ parameter, values }: SweepAxis): SettingValue[] {
  if (parameter === 'dataset' && values.kind !== 'list') {
    throw wrong(parameter, 'datasets have no range; name each of them')
  }
  if (values.kind === 'list') {
    const twice = values.values.find((value, at) => values.values.indexOf(value) !== at)
    if (twice !== undefined) throw wrong(parameter, `${twice} is there twice; name each value once`)
    return values.values
  }
  const at = pointOf(parameter, values)
  const points = Array.from({ length: values.steps }, (_, k) => at(k / (values.steps - 1)))
  return [...new Set(points)]
}

/** @throws LabError badInput, naming the axis and the value */
export function drawValue({ parameter, values }: SweepAxis, random: Random): SettingValue {
  if (values.kind === 'list') return values.values[random.integer(values.values.length)]
  return pointOf(parameter, values)(random.uniform())
}

/** The value at a share of the way from one end of a range to the other. */
function pointOf(
  parameter: SweepParameter,
  { kind, from, to }: { kind: 'linear' | 'log'; from: number; to: number },
): (share: number) => number {
  const written = `${from} to ${to}`
  if (!(from < to)) throw wrong(parameter, `the range ${written} must go from a smaller to a larger number`)
  if (kind === 'log' && from <= 0) {
    throw wrong(parameter, `the range ${written} cannot be logarithmic; start above 0 or take a linear one`)
  }
  return (share) => {
    if (share === 0 || share === 1) return share === 0 ? from : to
    const value = kind === 'log' ? from * (to / from) ** share : from + (to - from) * share
    return isWhole(parameter) ? Math.round(value) : Number(value.toPrecision(digits))
  }
}

export const wrong = (parameter: SweepParameter, sentence: string): LabError =>
  new LabError('badInput', `The axis ${parameterName(parameter)}: ${sentence}.`)
