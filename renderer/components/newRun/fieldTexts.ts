import type { SymbolName } from '../symbols.ts'
import type { NumberKey } from './runDraft.ts'

/** How a numeric setting explains itself in the form. */
export interface FieldText {
  label: string
  symbol?: SymbolName
  range: string
  what: string
  /** What an arrow key adds, or a factor of ten. */
  step: number | 'decade'
}

export const fieldTexts: Record<NumberKey, FieldText> = {
  hidden: {
    label: 'Hidden units',
    symbol: 'h',
    range: '1–10,000',
    what: 'How many features the network may learn; each becomes one filter.',
    step: 1,
  },
  rho: {
    label: 'Sparsity target',
    symbol: 'rho',
    range: 'between 0 and 1',
    what: 'The average activation that every hidden unit is pushed to. 0.01: active on one patch in a hundred.',
    step: 0.01,
  },
  beta: {
    label: 'Sparsity weight',
    symbol: 'beta',
    range: '0 or larger',
    what: 'How strongly units are pushed to the target. 0 switches sparsity off.',
    step: 1,
  },
  lambda: {
    label: 'Weight decay',
    symbol: 'lambda',
    range: '0 or larger',
    what: 'Keeps weights small and filters smooth. Biases are not decayed.',
    step: 'decade',
  },
  iterations: {
    label: 'Iterations',
    range: '1–1,000,000',
    what: 'Steps of L-BFGS, each over all patches; it stops sooner when it has converged.',
    step: 50,
  },
  history: {
    label: 'History',
    range: '1–200 pairs',
    what: 'Past steps that L-BFGS remembers to estimate curvature: more for lower cost, fewer for less memory.',
    step: 1,
  },
  gradientTolerance: {
    label: 'Gradient tolerance',
    range: '0 or larger',
    what: 'Converged when no partial derivative is larger than this.',
    step: 'decade',
  },
  batch: {
    label: 'Batch',
    range: '1–1,000,000',
    what: 'Patches per step. Small batches make more, noisier steps an epoch.',
    step: 32,
  },
  learningRate: {
    label: 'Learning rate',
    range: 'above 0, to 100',
    what: 'Length of a step. If the cost becomes NaN, lower it.',
    step: 'decade',
  },
  decayEvery: {
    label: 'Epochs between decays',
    range: '1–1,000,000',
    what: 'After so many epochs the learning rate falls once more.',
    step: 10,
  },
  decayFactor: {
    label: 'Decay factor',
    range: 'between 0 and 1',
    what: 'What the learning rate is multiplied with each time. 0.5 halves it.',
    step: 0.1,
  },
  finalShare: {
    label: 'Final share',
    range: '0–1',
    what: 'Share of the learning rate that is left in the last epoch.',
    step: 0.05,
  },
  momentum: {
    label: 'Momentum',
    range: '0 to below 1',
    what: 'Share of the last step that the next one keeps.',
    step: 0.05,
  },
  rhoHatDecay: {
    label: 'Decay of the average',
    symbol: 'rhoHat',
    range: '0 to below 1',
    what: 'A batch sees only some patches: ρ̂ is averaged over batches. Nearer 1 remembers longer.',
    step: 0.05,
  },
  validation: {
    label: 'Validation share',
    range: '0–0.5',
    what: 'Patches held out: never trained on, reconstructed at every iteration to tell learning from memorising. 0: none.',
    step: 0.05,
  },
  seed: {
    label: 'Seed',
    range: 'whole number',
    what: 'Decides the first weights (and the order of batches). The same seed gives the same run, bit for bit.',
    step: 1,
  },
}
