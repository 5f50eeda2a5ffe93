import {
  activityFormula,
  cosineFormula,
  costFormula,
  decoderFormula,
  deviantFormula,
  differenceFormula,
  divergenceFormula,
  filterFormula,
  gaborFormula,
  ratioFormula,
  rhoHatFormula,
  smoothingFormula,
  sparsityFormula,
  spectrumFormula,
  stepFormula,
  weightDecayFormula,
} from './formulas.ts'

/** What stands behind a "?". In texts, {rhoHat} and other names of symbols.ts stand for the symbol. */
export interface Explanation {
  title: string
  shows: string
  /** MathML. */
  formula?: string
  lookFor: string
}

/** Every explanation of the window, in one place. Symbols as in Ng's CS294A notes, "Sparse autoencoder". */
export const explanations = {
  cost: {
    title: 'Cost',
    shows:
      'What training minimises, per patch: half the squared error of the reconstruction, the weight decay, and the sparsity penalty, each with its weight already in it. They add up to the cost.',
    formula: costFormula,
    lookFor:
      'It falls steeply, then slowly. Reconstruction and sparsity pull against each other; a sparsity part that stays high says that {beta} is too small to reach {rho}. Patches held out above the others: the network learns its patches by heart.',
  },
  optimiser: {
    title: 'Optimiser',
    shows:
      'The size of the gradient over all parameters, the length of each step (of L-BFGS along its direction, else the learning rate), and how often cost and gradient were evaluated for it.',
    formula: stepFormula,
    lookFor:
      'The gradient should fall by decades. L-BFGS takes steps of length 1 and one evaluation nearly always; many evaluations for a step mean a line search in trouble, often just before the end.',
  },
  rhoHat: {
    title: 'Average activation',
    shows:
      'How active each hidden unit is, averaged over all patches: the median of the units, the middle half of them, and the least and most active one. For tanh the share (1 + {rhoHat}) / 2 is drawn.',
    formula: rhoHatFormula,
    lookFor:
      'All units should come down to the target {rho} and stay close to it. A band that reaches far below it has dead units; one that stays far above it, units that are always on.',
  },
  rhoHatMap: {
    title: 'Average activation of every unit',
    shows:
      'A row a hidden unit, from left to right the iterations. The colour says how far it is from the target {rho}: blue below, no colour at it, orange above, on a logarithmic scale.',
    formula: ratioFormula,
    lookFor:
      'No colour means on target. A blue row is a unit that has died, an orange one is active too often; a row that changes late has found something new to look for.',
  },
  unitHistogram: {
    title: 'Units by average activation',
    shows:
      'How many hidden units have which average activation at the shown iteration; dashed, the target {rho}. With r the share of active, {rhoHat} itself or (1 + {rhoHat}) / 2 for tanh:',
    formula: deviantFormula,
    lookFor:
      'One narrow peak at {rho}. Dead units do nothing for the reconstruction; over-active ones say little about a patch. Click one in the list to see its filter.',
  },
  filters: {
    title: 'Filters',
    shows:
      'For each hidden unit the input of norm 1 that makes it most active: its row of weights, zero at mid grey, light positive. Own scale stretches each by its largest weight; on a shared scale a faint filter is a weak one.',
    formula: filterFormula,
    lookFor:
      'On natural images edges, at many angles and places. Noise means too little training or too few patches; copies of one another, too many units; plain grey, a dead unit.',
  },
  reconstructions: {
    title: 'Reconstructions',
    shows:
      'Patches of the dataset, what the network makes of them, and the difference, all on one scale. "Worst" looks for the patches of the whole dataset with the largest squared error.',
    formula: differenceFormula,
    lookFor:
      'A difference that looks like noise is what no code of this size can keep. One with structure, the same in many patches, is what the filters lack.',
  },
  comparedCost: {
    title: 'Cost of the compared runs',
    shows: 'The cost of each run, or one part of it, by iteration, training time or evaluations.',
    formula: costFormula,
    lookFor:
      'Totals compare only where {lambda}, {beta} and {rho} agree; reconstruction compares always. An iteration of L-BFGS and an epoch of Adam cost differently: look at time or evaluations then.',
  },
  distributions: {
    title: 'Average activation of every unit',
    shows:
      'A dot a hidden unit of each run, at its average activation; the band holds the middle half, the line is the median, dashed the target {rho}.',
    formula: rhoHatFormula,
    lookFor: 'Dots in a narrow bundle at the target. Dots far to the left are dead units.',
  },
  activations: {
    title: 'Activations of a unit',
    shows:
      'How many patches make the unit how active, on a logarithmic axis of counts; the line is the average.',
    formula: rhoHatFormula,
    lookFor:
      'A sparse unit is silent on nearly all patches and strong on few: a peak at 0 and a long tail. A hump in the middle says that it answers to everything.',
  },
  unitRhoHat: {
    title: 'Average activation of a unit',
    shows:
      'The average activation of this unit over training, in the band of all, with a dot at each kept filter.',
    formula: rhoHatFormula,
    lookFor: 'When it settled at {rho}, and whether its filter was made before or after.',
  },
  decoder: {
    title: 'Decoder column',
    shows:
      'What the unit adds to a reconstruction for as much as it is active: its column of the decoder, zero at mid grey. Over whitened patches it can be drawn in pixels too, as the patch that whitening would turn into it.',
    formula: decoderFormula,
    lookFor:
      'Much the same picture as the filter, and a cosine well above 0. A column unlike its filter belongs to a code that several units share.',
  },
  gabor: {
    title: 'Gabor fit',
    shows:
      'The wave under a Gaussian bell that is nearest to the filter as it is drawn, by squared error, and what it leaves over. R² is the share of the variance of the filter that it explains.',
    formula: gaborFormula,
    lookFor:
      'An R² near 1 says that the unit is a detector of edges (phase ±90°) or bars (0° or 180°), much like the simple cells of the visual cortex. Orientation is that of the stripes.',
  },
  similarUnits: {
    title: 'Similar in this run',
    shows:
      'The filters of the same run whose weights point most nearly in the same direction, or against it.',
    formula: cosineFormula,
    lookFor:
      'A cosine near 1 is a copy: there are more units than the patches need. Near −1 it is the same edge with light and dark exchanged, which is a code of its own.',
  },
  matches: {
    title: 'Matches in other runs',
    shows:
      'For each of the 50 newest other runs on patches of this size, the filter whose newest weights are most like those of the unit.',
    formula: cosineFormula,
    lookFor:
      'A filter that other seeds and settings find again belongs to the images; one that nothing matches may be chance, or still forming.',
  },
  topPatches: {
    title: 'Top patches',
    shows:
      'The patches of the dataset that make the unit most active, with their places in their images. Each has its own scale, from its least value to its largest. Patches that overlap a more active one are left out.',
    lookFor:
      'What they have in common is what the unit stands for. If they look nothing like its filter, it answers to brightness or contrast more than to a shape.',
  },
  normalisation: {
    title: 'Sampled patches',
    shows:
      'The first patches as they were cut, and as the network sees them. The course’s normalisation takes each patch’s own mean away, clips at three standard deviations and squashes to 0.1 to 0.9 (for tanh −0.8 to 0.8). Whitening takes the mean away and makes all directions equally strong; {epsilon} keeps noise from being raised with them.',
    lookFor:
      'The same patches, told apart by their shapes instead of their brightness. Whitened, edges stand out from flat ground; if noise does too, {epsilon} is too small.',
  },
  values: {
    title: 'Values',
    shows: 'How often each value occurs in the patches, before and after normalisation.',
    lookFor:
      'After normalisation a single narrow peak in the middle, with little at the ends. Bars at the very ends are values that were clipped.',
  },
  spectrum: {
    title: 'Spectrum',
    shows:
      'How strong waves of each frequency are in the patches, on average over their directions, before and after normalisation; both axes are logarithmic. At 0.5 cycles per pixel every other pixel is light.',
    formula: spectrumFormula,
    lookFor:
      'Photographs fall with a slope near −2: that is why filters of unwhitened patches are smooth. Noise is level, and whitening makes images so, down to where {epsilon} takes over.',
  },
  smoothing: {
    title: 'Smoothing',
    shows:
      'An exponential moving average, as trackers draw it, corrected at the start; the measured curve stays behind it, faint. Figures are always the measured ones.',
    formula: smoothingFormula,
    lookFor: 'Use it for mini-batches, whose cost jumps. For L-BFGS leave it at 0.',
  },
  rho: {
    title: 'Sparsity target',
    shows:
      'The average activation {rho} that every hidden unit is to have: 0.05 means active on one patch in twenty.',
    formula: divergenceFormula,
    lookFor: 'Small values make each unit special; too small, and units die.',
  },
  lambda: {
    title: 'Weight decay',
    shows: 'How much large weights cost. Biases are not decayed.',
    formula: weightDecayFormula,
    lookFor: 'Too large, and filters fade; 0, and noise stays in them.',
  },
  beta: {
    title: 'Sparsity weight',
    shows:
      'How much it costs that {rhoHat} is not {rho}, or with the penalty L1 that units are active at all, weighted by the length of what they add; 0 switches sparsity off.',
    formula: sparsityFormula + activityFormula,
    lookFor: 'Large enough that {rhoHat} reaches {rho}, small enough that reconstruction still counts.',
  },
} as const satisfies Record<string, Explanation>

export type ExplanationName = keyof typeof explanations
