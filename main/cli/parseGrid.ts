import { InvalidArgumentError } from 'commander'
import {
  sweepParameters,
  type AxisValues,
  type SweepAxis,
  type SweepParameter,
} from '#shared/domain/sweep.ts'

const example = 'write rho=.01,.05 or lambda=1e-5..1e-3:log:5'

/** As the command line spells them elsewhere. */
const aliases: Record<string, SweepParameter> = { optimizer: 'optimiser', 'learning-rate': 'learningRate' }

/** Parses an axis: `name=a,b,c`, `name=from..to:steps` (linear) or `name=from..to:log:steps`. */
export function parseGrid(text: string): SweepAxis {
  const [name, values, ...rest] = text.split('=').map((part) => part.trim())
  if (!name || !values || rest.length > 0) throw new InvalidArgumentError(`It must name values: ${example}.`)
  const parameter = aliases[name] ?? sweepParameters.find((known) => known === name)
  if (!parameter) {
    throw new InvalidArgumentError(
      `A sweep cannot vary "${name}". It can vary ${sweepParameters.join(', ')}.`,
    )
  }
  return { parameter, values: values.includes('..') ? parseRange(values) : parseList(values) }
}

function parseRange(text: string): AxisValues {
  const [ends, ...how] = text.split(':')
  const [from, to, ...rest] = ends.split('..').map(Number)
  const kind = how.length > 1 ? how[0] : 'linear'
  const steps = Number(how.at(-1))
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

function parseList(text: string): AxisValues {
  const values = text.split(',').map((part) => {
    const value = part.trim()
    if (value === '') throw new InvalidArgumentError(`"${text}" has an empty value: ${example}.`)
    return Number.isNaN(Number(value)) ? value : Number(value)
  })
  return { kind: 'list', values }
}

export const collectGrid = (text: string, previous: SweepAxis[] = []): SweepAxis[] => [
  ...previous,
  parseGrid(text),
]
