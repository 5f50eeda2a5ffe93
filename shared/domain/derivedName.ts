import type { Sampling } from './dataset.ts'

/** A name that says what differs, e.g. "photos 10×10 zca". */
export function derivedName(name: string, before: Sampling, after: Sampling): string {
  const differs = (field: keyof Sampling) => JSON.stringify(before[field]) !== JSON.stringify(after[field])
  const parts = [
    differs('patchSize') && `${after.patchSize}×${after.patchSize}`,
    differs('channels') && (after.channels === 3 ? 'RGB' : 'grey'),
    differs('patches') && `${after.patches} patches`,
    differs('normalisation') && after.normalisation.kind,
    differs('seed') && `seed ${after.seed}`,
    differs('unique') && after.unique && 'unique',
    differs('minContrast') && after.minContrast !== undefined && `contrast ${after.minContrast}`,
  ]
  return [name, ...parts.filter((part) => typeof part === 'string')].join(' ')
}
