import { z } from 'zod'
import { streamKinds } from '../random/stream.ts'

export const activations = ['sigmoid', 'tanh'] as const
export const decoders = ['same', 'linear'] as const
export const optimisers = ['lbfgs', 'adam', 'sgd'] as const
export const schedules = ['constant', 'step', 'cosine'] as const
export const engineNames = ['onnx', 'gpu', 'wasm', 'reference'] as const
export const engineChoices = ['auto', ...engineNames] as const

export type Activation = (typeof activations)[number]
export type Decoder = (typeof decoders)[number]
export type Optimiser = (typeof optimisers)[number]
export type Schedule = (typeof schedules)[number]
export type EngineName = (typeof engineNames)[number]
export type EngineChoice = (typeof engineChoices)[number]

const whole = (name: string, min: number, max: number) =>
  z
    .number({ error: `${name} must be a whole number from ${min} to ${max}.` })
    .int(`${name} must be a whole number from ${min} to ${max}.`)
    .min(min, `${name} must be at least ${min}.`)
    .max(max, `${name} must be at most ${max}.`)

const notNegative = (name: string) =>
  z
    .number({ error: `${name} must be a number, 0 or larger.` })
    .min(0, `${name} must be 0 or larger.`)
    .max(1e6, `${name} must be at most 1000000.`)

const between0and1 = (name: string) =>
  z
    .number({ error: `${name} must lie between 0 and 1.` })
    .gt(0, `${name} must lie between 0 and 1, both excluded.`)
    .lt(1, `${name} must lie between 0 and 1, both excluded.`)

/** The network and its cost: all that the gradient depends on. Symbols as in the CS294A notes. */
export const hyperparametersSchema = z.strictObject({
  hidden: whole('Hidden units', 1, 10_000),
  activation: z.enum(activations),
  decoder: z.enum(decoders),
  /** Sparsity target ρ. */
  rho: between0and1('ρ'),
  /** Weight decay λ. */
  lambda: notNegative('λ'),
  /** Weight of the sparsity penalty β; 0 switches it off. */
  beta: notNegative('β'),
})
export type Hyperparameters = z.infer<typeof hyperparametersSchema>

/**
 * Everything that, with the dataset, decides the result of a run. A default here is what a configuration that was
 * stored without that setting means for ever; what new runs get is `defaultConfig`.
 */
export const runConfigSchema = hyperparametersSchema.extend({
  optimiser: z.enum(optimisers),
  /** L-BFGS steps, or epochs of a mini-batch optimiser. */
  iterations: whole('Iterations', 1, 1_000_000),
  /** Pairs (s_k, y_k) that L-BFGS keeps. */
  history: whole('History', 1, 200).default(20),
  /** L-BFGS has converged when max |∇J| falls to this. */
  gradientTolerance: notNegative('Gradient tolerance').default(1e-5),
  /** Patches per step of a mini-batch optimiser. */
  batch: whole('Batch', 1, 1_000_000).default(256),
  learningRate: z
    .number({ error: 'The learning rate must be larger than 0.' })
    .gt(0, 'The learning rate must be larger than 0.')
    .max(100, 'The learning rate must be at most 100.')
    .default(1e-3),
  /** How the learning rate changes from epoch to epoch; see shared/model/learningRate.ts. */
  schedule: z
    .enum(schedules, { error: `The schedule must be one of ${schedules.join(', ')}.` })
    .default('constant'),
  /** Epochs between the decays of a step schedule. */
  decayEvery: whole('Epochs between decays', 1, 1_000_000).default(100),
  /** What a step schedule multiplies the learning rate with. */
  decayFactor: z
    .number({ error: 'The decay factor must lie between 0 and 1.' })
    .gt(0, 'The decay factor must be larger than 0.')
    .lt(1, 'The decay factor must be smaller than 1.')
    .default(0.5),
  /** Share of the learning rate that a cosine schedule ends at. */
  finalShare: z
    .number({ error: 'The final share of the learning rate must lie between 0 and 1.' })
    .min(0, 'The final share of the learning rate must be 0 or larger.')
    .max(1, 'The final share of the learning rate must be at most 1.')
    .default(0),
  /** Momentum of SGD. */
  momentum: z
    .number({ error: 'Momentum must lie between 0 and 1.' })
    .min(0, 'Momentum must lie between 0 and 1.')
    .lt(1, 'Momentum must be smaller than 1.')
    .default(0.9),
  /** Decay of the moving average of ρ̂ over mini-batches. */
  rhoHatDecay: z
    .number({ error: 'The decay of ρ̂ must lie between 0 and 1.' })
    .min(0, 'The decay of ρ̂ must lie between 0 and 1.')
    .lt(1, 'The decay of ρ̂ must be smaller than 1.')
    .default(0.9),
  /** Share of the patches that is held out, drawn with the seed: never trained on, measured each iteration. */
  validation: z
    .number({ error: 'The validation share must lie between 0 and 0.5.' })
    .min(0, 'The validation share must be 0 or larger.')
    .max(0.5, 'The validation share must be at most 0.5: the rest is what the network learns from.')
    .default(0),
  engine: z.enum(engineChoices).default('auto'),
  seed: whole('Seed', 0, 0xffffffff),
  streams: z
    .enum(streamKinds, { error: `The streams of a seed must be one of ${streamKinds.join(', ')}.` })
    .default('shared'),
})
export type RunConfig = z.infer<typeof runConfigSchema>

/** Settings that are whole numbers. */
export const isWholeSetting = (key: string): boolean => wholeSettings.has(key)
const wholeSettings: ReadonlySet<string> = new Set<keyof RunConfig>([
  'hidden',
  'iterations',
  'history',
  'batch',
  'decayEvery',
  'seed',
])

/** What a stored configuration means by settings that it does not have: they were added since. */
export const storedDefaults: RunConfig = runConfigSchema.parse({
  hidden: 25,
  activation: 'sigmoid',
  decoder: 'same',
  rho: 0.01,
  lambda: 1e-4,
  beta: 3,
  optimiser: 'lbfgs',
  iterations: 400,
  seed: 1,
})

/** What a new run has unless told otherwise. The number of pairs was measured: docs/performance.md. */
export const defaultConfig: RunConfig = { ...storedDefaults, history: 100, streams: 'separate' }
