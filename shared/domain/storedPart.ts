import { LabError } from './labError.ts'

/** What a library keeps as a file of its own, named by its SHA-256, and whose it is: id and name of dataset or run. */
export type StoredPart = { id: number; name: string } & (
  | { kind: 'patches' | 'positions' | 'whitening' | 'labels' | 'preview' | 'checkpoint' }
  | { kind: 'weights'; iteration: number }
)

/** The file of a dataset's float32 patches, m × n row-major, little-endian, for who reads it without the library. */
export interface PatchesFile {
  path: string
  /** SHA-256, hexadecimal, that its bytes must have. */
  hash: string
  /** Whose they are. */
  part: StoredPart
}

/** Why the bytes of a part cannot be had. */
export type PartProblem = 'missing' | 'damaged' | 'unreadable'

const backup = 'Restore the library’s folder from a backup'

const words = {
  patches: ['patches', 'are'],
  positions: ['positions of the patches', 'are'],
  whitening: ['whitening matrix', 'is'],
  labels: ['labels of the patches', 'are'],
  preview: ['first patches', 'are'],
  weights: ['weights', 'are'],
  checkpoint: ['checkpoint', 'is'],
} as const

/** e.g. `the weights of run 3 "edges" at iteration 40` */
export function describePart(part: StoredPart): string {
  const [what] = words[part.kind]
  const place = part.kind === 'weights' ? ` at iteration ${part.iteration}` : ''
  return `the ${what} of ${ownerOf(part)} ${part.id} "${part.name}"${place}`
}

const ownerOf = ({ kind }: StoredPart) => (kind === 'weights' || kind === 'checkpoint' ? 'run' : 'dataset')

/** One sentence on a part that is not what it was, with the mend. */
export function partError(part: StoredPart, problem: PartProblem, cause?: unknown): LabError {
  const description = describePart(part)
  const [, are] = words[part.kind]
  const state = problem === 'unreadable' ? 'cannot be read' : `${are} ${problem}`
  const sentence = description[0].toUpperCase() + description.slice(1)
  return new LabError('badInput', `${sentence} ${state}. ${mendOf(part)}`, { cause })
}

function mendOf({ kind, id }: StoredPart): string {
  if (kind === 'weights') return `${backup}, or take the weights of another iteration.`
  if (kind === 'checkpoint') {
    return `${backup}, or start a new run from its last weights (lab train --init-run ${id}).`
  }
  return `${backup}, derive the dataset again as it is (lab derive ${id}), or open a bundle that has it.`
}
