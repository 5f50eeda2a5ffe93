import type { Hyperparameters, Optimiser } from '#shared/domain/runConfig.ts'
import { slopeExpressions, usesNorms } from '#shared/model/penalties.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
import { multiply } from '#shared/model/expression.ts'
import { backwardNodes, forwardNodes } from './gradientNodes.ts'
import { expressionNodes } from './expressionNodes.ts'
import { createGraphBuilder, type GraphBuilder, type Tensor } from './graphBuilder.ts'
import type { ElementType } from './onnxModel.ts'
import { stepNodes } from './stepNodes.ts'

export interface EpochGraph {
  size: NetworkSize
  hyper: Hyperparameters
  optimiser: Optimiser
  momentum: number
  /** Patches in all. */
  m: number
  /** Whether targets are other values than the inputs. */
  hasTargets: boolean
  /** Patches a step, as blocks of rows. */
  blocks: readonly number[]
  elementType: ElementType
}

/**
 * Many steps of Adam or SGD as one ONNX graph: a `Scan` whose state is the optimiser's and whose body is a step.
 *
 * Inputs `inputs` and, where they differ, `targets` (m × n), the state `theta`, `firstMoment`, `secondMoment` (Adam's alone; each of the length of
 * theta) and `rhoHat` (1 × h), and for each step: `order` (patch indices, steps × rows), `kept` (the share of ρ̂ that
 * stays), `rate` and `epsilon` (Adam's alone; see `adamScalars`). Outputs `nextTheta`, … and `squaredErrors`, parts of
 * each step's squared error to be added up in float64.
 */
export function epochGraph(options: EpochGraph): Uint8Array {
  const { size, optimiser, m, hasTargets, blocks, elementType } = options
  const { length } = thetaLayout(size)
  const graph = createGraphBuilder(elementType)
  const inputs = graph.input('inputs', [m, size.n])
  const targets = hasTargets ? graph.input('targets', [m, size.n]) : inputs
  const moments = momentNames(optimiser)
  const scalars = scalarNames(optimiser)
  const rows = blocks.reduce((total, block) => total + block, 0)
  const state = [
    ...['theta', ...moments].map((name) => graph.input(name, [length])),
    graph.input('rhoHat', [1, size.h]),
  ]
  const scanned = [
    graph.input('order', ['steps', rows], 'int32'),
    ...scalars.map((name) => graph.input(name, ['steps', 1])),
  ]
  const { body, errorParts } = stepBody(options, { inputs, targets }, rows)
  const results = graph.nodes('Scan', [...state, ...scanned], state.length + 1, {
    num_scan_inputs: scanned.length,
    body,
  })
  for (const [k, name] of ['nextTheta', ...moments.map(nextName)].entries()) {
    graph.output(name, results[k], [length])
  }
  graph.output('nextRhoHat', results[state.length - 1], [1, size.h])
  graph.output('squaredErrors', results[state.length], ['steps', errorParts])
  return graph.bytes()
}

/** Moments that an optimiser keeps, as inputs are called. */
export const momentNames = (optimiser: Optimiser): readonly ('firstMoment' | 'secondMoment')[] =>
  optimiser === 'sgd' ? ['firstMoment'] : ['firstMoment', 'secondMoment']

/** Numbers that each step takes, as inputs are called. */
export const scalarNames = (optimiser: Optimiser): readonly ('kept' | 'rate' | 'epsilon')[] =>
  optimiser === 'sgd' ? ['kept', 'rate'] : ['kept', 'rate', 'epsilon']

/** Output that holds an input's next value. */
export const nextName = (name: string): string => `next${name[0].toUpperCase()}${name.slice(1)}`

/** One step. It sees the examples of the graph around it. */
function stepBody(
  options: EpochGraph,
  { inputs, targets }: { inputs: Tensor; targets: Tensor },
  rows: number,
) {
  const { size, hyper, optimiser, momentum, blocks, elementType } = options
  const { n, h } = size
  const at = thetaLayout(size)
  const graph = createGraphBuilder(elementType, 'step.')
  const name = (input: string) => `step.${input}`
  const theta = graph.input(name('theta'), [at.length])
  const moments = momentNames(optimiser).map((moment) => graph.input(name(moment), [at.length]))
  const before = graph.input(name('rhoHat'), [1, h])
  const order = graph.input(name('order'), [rows], 'int32')
  const [kept, rate, epsilon] = scalarNames(optimiser).map((scalar) => graph.input(name(scalar), [1]))

  const [W1, W2, b1, b2] = graph.split(theta, [at.W2, at.b1 - at.W2, h, n])
  const indices = blocks.length === 1 ? [order] : graph.split(order, blocks)
  const gathered = (patches: Tensor) =>
    indices.map((block) => graph.node('Gather', [patches, block], { axis: 0 }))
  const ofBlocks = { size, hyper, blocks, inputs: gathered(inputs) }
  const { activations, activationSum } = forwardNodes(graph, {
    ...ofBlocks,
    W1: graph.reshape(W1, [h, n]),
    b1,
  })
  const mean = graph.node('Div', [activationSum, graph.filled(rows)])
  const rhoHat = mixAverage(graph, mean, before, kept)
  const { slope, columnSlope } = slopeExpressions(hyper)
  const W2Matrix = graph.reshape(W2, [n, h])
  const norm = usesNorms(hyper) ? columnNorms(graph, size, W2Matrix) : ''
  const gradient = backwardNodes(graph, {
    ...ofBlocks,
    targets: targets === inputs ? ofBlocks.inputs : gathered(targets),
    activations,
    W2: W2Matrix,
    b2,
    slopes: slope === null ? undefined : expressionNodes(graph, slope, { rhoHat, norm }),
  })
  const [ofPatches, squaredErrors] = graph.split(gradient.sums, [at.length, gradient.errorParts])
  const ofWeights = [
    ...(hyper.lambda === 0 ? [] : [weightDecay(graph, size, rows * hyper.lambda, theta)]),
    ...(columnSlope === null
      ? []
      : [
          columnSlopes(
            graph,
            size,
            expressionNodes(graph, multiply(rows, columnSlope), { rhoHat, norm }),
            W2Matrix,
          ),
        ]),
  ]
  const gradientSum = ofWeights.reduce((sum, part) => graph.node('Add', [sum, part]), ofPatches)
  const next = stepNodes(graph, {
    optimiser,
    momentum,
    gradientSum,
    m: rows,
    rate,
    epsilon,
    theta,
    firstMoment: moments[0],
    secondMoment: moments[1],
  })
  graph.output(name('nextTheta'), next.theta, [at.length])
  graph.output(name('nextFirstMoment'), next.firstMoment, [at.length])
  if (next.secondMoment) graph.output(name('nextSecondMoment'), next.secondMoment, [at.length])
  graph.output(name('nextRhoHat'), rhoHat, [1, h])
  graph.output(name('squaredErrors'), squaredErrors, [gradient.errorParts])
  return { body: graph.finish(), errorParts: gradient.errorParts }
}

/** scale·W for the weights in theta, 0 for the biases. */
function weightDecay(graph: GraphBuilder, size: NetworkSize, scale: number, theta: Tensor): Tensor {
  const { b1, length } = thetaLayout(size)
  const scales = [graph.filled(scale, [b1]), graph.filled(0, [length - b1])]
  return graph.node('Mul', [theta, graph.node('Concat', scales, { axis: 0 })])
}

/** Norms of the columns of W2, 1 × h; never so small that dividing by them is no number. */
function columnNorms(graph: GraphBuilder, { n }: NetworkSize, W2: Tensor): Tensor {
  const squares = graph.product(graph.filled(1, [1, n]), graph.node('Mul', [W2, W2]))
  return graph.node('Sqrt', [graph.node('Max', [squares, graph.filled(smallestSquare)])])
}

/** Far below the square of any weight that is not 0, and a number in float32. */
const smallestSquare = 1e-36

/** factor_j·d_j for the decoder in theta, 0 elsewhere. */
function columnSlopes(graph: GraphBuilder, { n, h }: NetworkSize, factor: Tensor, W2: Tensor): Tensor {
  const slopes = graph.reshape(graph.node('Mul', [W2, factor]), [-1])
  const parts = [graph.filled(0, [n * h]), slopes, graph.filled(0, [n + h])]
  return graph.node('Concat', parts, { axis: 0 })
}

/** kept·before + (1 − kept)·mean. */
function mixAverage(graph: GraphBuilder, mean: Tensor, before: Tensor, kept: Tensor): Tensor {
  const old = graph.node('Mul', [kept, before])
  const fresh = graph.node('Mul', [graph.node('Sub', [graph.filled(1), kept]), mean])
  return graph.node('Add', [old, fresh])
}
