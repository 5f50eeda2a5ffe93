import { z } from 'zod'
import type { RunConfig } from './runConfig.ts'

/** Where the weights came from that a run starts with, instead of random ones from its seed. */
export const initialWeightsSchema = z.discriminatedUnion('kind', [
  /** A file, by its path when it was read. */
  z.object({ kind: z.literal('file'), file: z.string().max(4096) }),
  /** The snapshot of another run, by the number and name that it had in the same library. */
  z.object({
    kind: z.literal('run'),
    runId: z.number().int().min(1),
    name: z.string().max(4096),
    iteration: z.number().int().min(0),
  }),
])
export type InitialWeights = z.infer<typeof initialWeightsSchema>

/** What is known of a file of weights before it is used. */
export interface WeightsFile {
  /** n */
  visible: number
  /** h */
  hidden: number
  /** Of the run that it was exported from; null where the file has none. */
  config: RunConfig | null
}

interface Needed {
  dataset: { name: string; visible: number }
  hidden: number
}

/**
 * Why a run cannot start from weights, and the mend; null where they fit.
 * @param name what the sentence calls the weights
 */
export function weightsMisfit(
  name: string,
  weights: Pick<WeightsFile, 'visible' | 'hidden'>,
  { dataset, hidden }: Needed,
): string | null {
  if (weights.visible !== dataset.visible) {
    return (
      `${name}: weights for patches of ${weights.visible} values; those of "${dataset.name}" have ` +
      `${dataset.visible}. Choose a dataset with patches of ${weights.visible} values, or other weights.`
    )
  }
  if (weights.hidden !== hidden) {
    return (
      `${name}: weights of ${countOf(weights.hidden)}; this run has ${hidden}. ` +
      `Set the hidden units to ${weights.hidden}, or choose other weights.`
    )
  }
  return null
}

const countOf = (hidden: number) => (hidden === 1 ? '1 hidden unit' : `${hidden} hidden units`)
