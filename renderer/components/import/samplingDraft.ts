import { samplingSchema, type Sampling } from '#shared/domain/dataset.ts'
import { fieldErrors } from '../form/fieldErrors.ts'
import { parseNumber } from '../form/parseNumber.ts'

export const normalisationChoices = [
  {
    value: 'sigmoid',
    label: '±3σ to 0.1–0.9, for sigmoid units',
    what: 'The course’s own: removes each patch’s mean, clips at ±3σ of all values, maps to [0.1, 0.9].',
  },
  {
    value: 'tanh',
    label: '±3σ to −0.8–0.8, for tanh units',
    what: 'Removes each patch’s mean, clips at ±3σ of all values, maps to [−0.8, 0.8].',
  },
  {
    value: 'zca',
    label: 'ZCA whitening, for a linear decoder',
    what: 'Removes each patch’s mean and makes the pixels uncorrelated with equal variance.',
  },
  { value: 'none', label: 'None', what: 'Pixel values as they are, 0 to 1.' },
] as const
export type NormalisationChoice = (typeof normalisationChoices)[number]['value']

/** The sampling form as it is written: numbers are text until they are read. */
export interface SamplingDraft {
  patchSize: string
  patches: string
  channels: 1 | 3
  normalisation: NormalisationChoice
  epsilon: string
  seed: string
}

export function draftOf({ patchSize, patches, channels, normalisation, seed }: Sampling): SamplingDraft {
  return {
    patchSize: String(patchSize),
    patches: String(patches),
    channels,
    normalisation: normalisation.kind === 'squash' ? normalisation.range : normalisation.kind,
    epsilon: String((normalisation.kind === 'zca' && normalisation.epsilon) || 0.1),
    seed: String(seed),
  }
}

function normalisationOf({ normalisation, epsilon }: SamplingDraft) {
  if (normalisation === 'zca') return { kind: 'zca', epsilon: parseNumber(epsilon) }
  if (normalisation === 'none') return { kind: 'none' }
  return { kind: 'squash', range: normalisation }
}

/** The sampling that a form means, or a sentence for each field that cannot be. */
export function readSamplingDraft(
  draft: SamplingDraft,
):
  | { sampling: Sampling; problems: Readonly<Record<string, string>> }
  | { sampling: null; problems: Readonly<Record<string, string>> } {
  const parsed = samplingSchema.safeParse({
    patchSize: parseNumber(draft.patchSize),
    patches: parseNumber(draft.patches),
    channels: draft.channels,
    normalisation: normalisationOf(draft),
    seed: parseNumber(draft.seed),
  })
  return { sampling: parsed.success ? parsed.data : null, problems: fieldErrors(parsed.error) }
}
