import type { XQuantity } from '../../charts/xAxis.ts'

export const xQuantityOptions = [
  { value: 'iteration', label: 'Iterations' },
  { value: 'elapsedMs', label: 'Time' },
  { value: 'evaluations', label: 'Evaluations' },
] as const satisfies readonly { value: XQuantity; label: string }[]

/** As a caption says it. */
export const xQuantityNames: Record<XQuantity, string> = {
  iteration: 'by iteration',
  elapsedMs: 'by training time',
  evaluations: 'by evaluations',
}
