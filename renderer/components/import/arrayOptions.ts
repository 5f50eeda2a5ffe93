import type { ArrayEntry, FileLook } from '#shared/domain/datasetSource.ts'

const nameOfUse = { patches: 'patches', images: 'images' } as const

/** "X, 60000 × 784 float64, patches"; what cannot be used is shown, but cannot be chosen. */
export const arrayOptions = (arrays: readonly ArrayEntry[]) =>
  arrays.map(({ name, shape, type, use }) => ({
    value: name,
    label: `${name}, ${shape.join(' × ') || 'one'} ${type}${use === null ? '' : `, ${nameOfUse[use]}`}`,
    disabled: use === null,
  }))

/** What a file's array is good for; null where one is still to be chosen. */
export function useOfArray(look: FileLook | null, chosen: string | null): 'patches' | 'images' | null {
  if (look === null || look.arrays.length === 0) return look?.use ?? 'patches'
  return look.arrays.find(({ name }) => name === chosen)?.use ?? null
}

/** The array that is meant where there is no question: the only one, or the course's. */
export function plainChoice(arrays: readonly ArrayEntry[]): string | null {
  const usable = arrays.filter(({ use }) => use !== null)
  if (usable.length === 1) return usable[0].name
  return usable.find(({ name }) => name === 'IMAGES')?.name ?? null
}

/** Whether the rows of a matrix, or its columns, are square pictures, grey or in colours. */
export function isPicture(look: FileLook | null, chosen: string | null, columns: boolean): boolean {
  const shape = look?.shape ?? look?.arrays.find(({ name }) => name === chosen)?.shape
  const n = shape?.[columns ? 0 : 1] ?? 0
  return n >= 16 && [n, n / 3].some((area) => Number.isInteger(Math.sqrt(area)))
}
