import { createStream } from '../random/stream.ts'
import { axisValues, drawValue, wrong } from './axisValues.ts'
import { LabError } from './labError.ts'
import {
  isUsed,
  nameOf,
  settingKeys,
  settingOf,
  valueText,
  type SettingKey,
  type SettingValue,
} from '../settings/runSettings.ts'
import { choicesOf } from '../settings/setting.ts'
import { runConfigSchema, type RunConfig } from './runConfig.ts'
import { maxSweepRuns, parameterName, type Sweep, type SweepAxis, type SweepParameter } from './sweep.ts'

type Point = readonly SettingValue[]

export interface PlannedRun {
  config: RunConfig
  /** null for the one of the sweep, where datasets do not vary. */
  datasetId: number | null
}

/**
 * The runs of a sweep, in the order of the axes (the last one varies fastest), each with all its seeds.
 * A configuration that differs from an earlier one only in what its optimiser does not use is left out.
 * @throws LabError badInput, one sentence that names the axis and the value
 */
export function planSweep(sweep: Sweep): PlannedRun[] {
  const { base, axes, repeats } = sweep
  refuseNonsense(sweep)
  const points = sweep.strategy.kind === 'grid' ? grid(axes) : drawn(sweep)
  const seen = new Set<string>()
  const planned = points.flatMap((point) => {
    const run = runAt(base, axes, point)
    const key = usedSettings(run)
    if (seen.has(key)) return []
    seen.add(key)
    return [run]
  })
  if (sweep.halving && planned.length < 2) {
    throw new LabError('badInput', 'Successive halving needs at least 2 configurations; vary more values.')
  }
  refuseTooMany(planned.length * repeats)
  return planned.flatMap((run) =>
    Array.from({ length: repeats }, (_, k) => ({
      ...run,
      config: withSettings(run.config, { seed: run.config.seed + k }),
    })),
  )
}

function refuseNonsense({ base, axes, repeats, halving, measure, strategy }: Sweep): void {
  const parameters = axes.map(({ parameter }) => parameter)
  const twice = parameters.find((parameter, at) => parameters.indexOf(parameter) !== at)
  if (twice) throw wrong(twice, 'it is there twice; give all its values to one axis')
  for (const parameter of parameters) refuseIdle(parameter, base, axes)
  if (repeats > 1 && parameters.includes('seed')) {
    throw wrong('seed', 'it varies already; leave it out or run each configuration from one seed')
  }
  if (measure === 'validation' && base.validation === 0) {
    throw new LabError(
      'badInput',
      'No patches are held out to compare by. Set a validation share, or compare by cost or reconstruction.',
    )
  }
  if (strategy.kind === 'random') refuseTooMany(strategy.count * repeats)
  if (!halving) return
  if (parameters.includes('iterations')) {
    throw wrong('iterations', 'successive halving compares runs at equal iterations; leave it out')
  }
  if (halving.firstIterations >= base.iterations) {
    throw new LabError(
      'badInput',
      `The first comparison after ${halving.firstIterations} iterations must come before the end at ${base.iterations}.`,
    )
  }
}

/** Refuses a parameter that nothing which is tried beside it uses, such as the learning rate of L-BFGS. */
function refuseIdle(parameter: SweepParameter, base: RunConfig, axes: readonly SweepAxis[]): void {
  if (parameter === 'dataset') return
  for (const [name, values] of Object.entries(settingOf(parameter).onlyWith ?? {})) {
    const beside = name as SettingKey
    const choice = settingOf(beside)
    const axis = axes.find((other) => other.parameter === beside)
    const known = choice.kind === 'choice' ? choicesOf(choice) : []
    const taken = axis ? known.filter((value) => axisValues(axis).includes(value)) : [String(base[beside])]
    if (taken.length === 0 || taken.some((value) => values.includes(value))) continue
    throw wrong(
      parameter,
      `${valueText(choice, taken[0])} does not use it; choose another ${nameOf(choice)} or leave it out`,
    )
  }
}

function grid(axes: readonly SweepAxis[]): Point[] {
  const values = axes.map(axisValues)
  refuseTooMany(values.reduce((count, { length }) => count * length, 1))
  return values.reduce<Point[]>(
    (points, choices) => points.flatMap((point) => choices.map((value) => [...point, value])),
    [[]],
  )
}

/** Different points only: a configuration that was drawn before is drawn again. */
function drawn({ axes, strategy }: Sweep): Point[] {
  if (strategy.kind !== 'random') return []
  // As in a grid: a list may name a value once only.
  for (const axis of axes) axisValues(axis)
  const random = createStream(strategy, 'draws')
  const points = new Map<string, Point>()
  const attempts = 50 * strategy.count
  for (let k = 0; k < attempts && points.size < strategy.count; k++) {
    const point = axes.map((axis) => drawValue(axis, random))
    points.set(JSON.stringify(point), point)
  }
  if (points.size < strategy.count) {
    throw new LabError(
      'badInput',
      `There are not ${strategy.count} different configurations to draw; ask for at most ${points.size} or take the grid.`,
    )
  }
  return [...points.values()]
}

function runAt(config: RunConfig, axes: readonly SweepAxis[], point: Point): PlannedRun {
  const { dataset = null, ...settings } = Object.fromEntries(
    axes.map(({ parameter }, at) => [parameter, point[at]]),
  )
  return { config: withSettings(config, settings), datasetId: dataset === null ? null : datasetIdOf(dataset) }
}

/** @throws LabError badInput where a setting cannot have its value, or not beside the others */
function withSettings(config: RunConfig, settings: Readonly<Record<string, SettingValue>>): RunConfig {
  const parsed = runConfigSchema.safeParse({ ...config, ...settings })
  if (parsed.success) return parsed.data
  const [{ code, path, message }] = parsed.error.issues
  // A value that is right by itself and not beside another one: the sentence names both.
  if (code === 'custom') throw new LabError('badInput', message)
  const parameter = path[0] as SettingKey
  const setting = settingOf(parameter)
  const why = setting.kind === 'choice' ? `it must be one of ${choicesOf(setting).join(', ')}.` : message
  throw new LabError(
    'badInput',
    `The axis ${parameterName(parameter)} cannot be ${settings[parameter]}: ${why}`,
  )
}

function datasetIdOf(value: SettingValue): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  throw wrong('dataset', `${value} is not the number of a dataset; choose datasets of this library`)
}

/** What decides the result of a run, as a text. */
const usedSettings = ({ config, datasetId }: PlannedRun): string =>
  JSON.stringify([
    datasetId,
    ...settingKeys.filter((key) => isUsed(key, config)).map((key) => [key, config[key]]),
  ])

function refuseTooMany(count: number): void {
  if (count <= maxSweepRuns) return
  throw new LabError(
    'badInput',
    `That would be ${count} runs; a sweep has at most ${maxSweepRuns}. Take fewer values or draw some at random.`,
  )
}
