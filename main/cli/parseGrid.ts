import { InvalidArgumentError } from 'commander'
import { flagOf, isWhole } from '#shared/settings/runSettings.ts'
import {
  sweepParameters,
  type AxisValues,
  type SweepAxis,
  type SweepParameter,
} from '#shared/domain/sweep.ts'
import { readList, readNumber } from '#shared/numbers/typedNumber.ts'
import { countryNotation } from './text.ts'

const example = 'write rho=.01,.05 or lambda=1e-5..1e-3:log:5'

/** Parses an axis: `name=a,b,c`, `name=from..to:steps` (linear) or `name=from..to:log:steps`. */
export function parseGrid(text: string): SweepAxis {
  const [name, values, ...rest] = text.split('=').map((part) => part.trim())
  if (!name || !values || rest.length > 0) throw new InvalidArgumentError(`It must name values: ${example}.`)
  const parameter = sweepParameters.find(
    (known) => known === name || (known !== 'dataset' && flagOf(known) === name),
  )
  if (!parameter) {
    throw new InvalidArgumentError(
      `A sweep cannot vary "${name}". It can vary ${sweepParameters.join(', ')}.`,
    )
  }
  return {
    parameter,
    values: values.includes('..') ? parseRange(values, isWhole(parameter)) : parseList(values, parameter),
  }
}

function parseRange(text: string, isCount: boolean): AxisValues {
  const [ends, ...how] = text.split(':')
  const [from, to, ...rest] = ends.split('..').map((end) => certain(end, isCount))
  const kind = how.length > 1 ? how[0] : 'linear'
  const steps = certain(how.at(-1) ?? '', true)
  if (
    rest.length > 0 ||
    how.length > 2 ||
    (kind !== 'linear' && kind !== 'log') ||
    ![from, to, steps].every(Number.isFinite)
  ) {
    throw new InvalidArgumentError(`"${text}" is no range: write 1e-5..1e-3:log:5 or 10..50:linear:5.`)
  }
  return { kind, from, to, steps }
}

function certain(text: string, isCount: boolean): number {
  const { value, problem } = readNumber(text, countryNotation(), isCount)
  if (problem !== null) throw new InvalidArgumentError(problem)
  return value
}

function parseList(text: string, parameter: SweepParameter): AxisValues {
  const parts = text.split(',').map((part) => part.trim())
  if (parts.includes('')) throw new InvalidArgumentError(`"${text}" has an empty value: ${example}.`)
  // Names of datasets may look like numbers; which is meant is looked up.
  if (parameter === 'dataset') return { kind: 'list', values: parts }
  const { values, problem } = readList(text, countryNotation(), isWhole(parameter))
  if (problem !== null) throw new InvalidArgumentError(problem)
  return { kind: 'list', values }
}

export const collectGrid = (text: string, previous: SweepAxis[] = []): SweepAxis[] => [
  ...previous,
  parseGrid(text),
]
