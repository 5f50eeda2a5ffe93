import type { Normalisation } from './dataset.ts'

/** A normalisation in full, as the command line and reports say it: "zca, epsilon 0.1, mean value". */
export function normalisationText({ kind, ...settings }: Normalisation): string {
  return [kind, ...Object.entries(settings).map(([name, value]) => `${name} ${value}`)].join(', ')
}

/**
 * That weights are looked at on patches normalised otherwise than those they learnt from; null where they are not, or
 * where that is not known.
 * @param name     what the sentence calls the weights
 * @param learnt   the normalisation of the patches that they learnt from
 */
export function otherNormalisation(
  name: string,
  learnt: Normalisation | null,
  dataset: { id: number; name: string; normalisation: Normalisation },
): string | null {
  if (learnt === null) return null
  const [one, other] = [learnt, dataset.normalisation].map(normalisationText)
  if (one === other) return null
  return (
    `${name} learnt from patches normalised by "${one}"; those of "${dataset.name}" are by "${other}", so these numbers ` +
    `say little. Take a dataset normalised alike, or make one from this with lab derive ${dataset.id}.`
  )
}
