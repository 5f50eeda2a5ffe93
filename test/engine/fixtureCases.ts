import { readFileSync } from 'node:fs'
import { activationNames } from '#shared/model/activations.ts'
import { reproducing, type Examples } from '#main/engine/engine.ts'
import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import type { CostParts } from '#shared/model/cost.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'

interface FileCase {
  name: string
  visible: number
  hidden: number
  patches: number
  activation: 'sigmoid' | 'tanh'
  decoder: 'sigmoid' | 'tanh' | 'linear' | 'same'
  penalty?: 'kl' | 'l1' | 'none'
  rho?: number
  lambda_: number
  beta: number
  X?: number[][]
  inputs?: number[][]
  targets?: number[][]
  W1: number[][]
  W2: number[][]
  b1: number[]
  b2: number[]
  cost: number
  reconstruction: number
  weightDecay: number
  sparsity: number
  rhoHat: number[]
  gradW1: number[][]
  gradW2: number[][]
  gradb1: number[]
  gradb2: number[]
}

/** A small autoencoder with every term worked out by an independent implementation, in float64. */
export interface FixtureCase {
  name: string
  size: NetworkSize
  m: number
  hyper: Hyperparameters
  /** The inputs, which are the targets too where there are none of their own. */
  patches: Float64Array
  examples: Examples
  theta: Float64Array
  parts: CostParts
  rhoHat: Float64Array
  gradient: Float64Array
}

function joined(size: NetworkSize, W1: number[][], W2: number[][], b1: number[], b2: number[]): Float64Array {
  const theta = Float64Array.from([...W1.flat(), ...W2.flat(), ...b1, ...b2])
  if (theta.length !== thetaLayout(size).length) throw new Error('A case in the fixture has the wrong shape.')
  return theta
}

function fromFile(entry: FileCase): FixtureCase {
  const size = { n: entry.visible, h: entry.hidden }
  const { activation, penalty = 'kl', rho = 0.05, lambda_: lambda, beta } = entry
  const patches = Float64Array.from((entry.inputs ?? entry.X ?? []).flat())
  const { cost, reconstruction, weightDecay, sparsity } = entry
  return {
    name: entry.name,
    size,
    m: entry.patches,
    hyper: {
      hidden: entry.hidden,
      activation,
      decoder: entry.decoder === 'linear' ? 'linear' : 'same',
      penalty,
      rho,
      lambda,
      beta,
    },
    patches,
    examples: entry.targets
      ? { inputs: patches, targets: Float64Array.from(entry.targets.flat()) }
      : reproducing(patches),
    theta: joined(size, entry.W1, entry.W2, entry.b1, entry.b2),
    parts: { cost, reconstruction, weightDecay, sparsity },
    rhoHat: Float64Array.from(entry.rhoHat),
    gradient: joined(size, entry.gradW1, entry.gradW2, entry.gradb1, entry.gradb2),
  }
}

const casesOf = (file: string): FixtureCase[] =>
  (
    JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')) as { cases: FileCase[] }
  ).cases.map(fromFile)

/** Patches that are their own targets. */
export const fixtureCases = casesOf('cost-gradient.json')
/** Of penalties that came later, and inputs that were spoilt beside the targets that they are to become. */
export const laterCases = casesOf('cost-gradient-2.json').filter(({ hyper }) =>
  activationNames.includes(hyper.activation),
)
