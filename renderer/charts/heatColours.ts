/** Cividis at equal steps of lightness: read alike with and without red–green deficiency (Nuñez et al. 2018). */
const stops = [
  '#00224e',
  '#253a6b',
  '#4b566d',
  '#6a6e72',
  '#8b8776',
  '#ada170',
  '#d2be60',
  '#fde737',
] as const

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))

/** @param share  0 (darkest) to 1 (brightest) */
export function heatColour(share: number): string {
  const at = Math.max(0, Math.min(1, share)) * (stops.length - 1)
  const low = Math.min(stops.length - 2, Math.floor(at))
  const [from, to] = [channels(stops[low]), channels(stops[low + 1])]
  const mixed = from.map((value, k) => Math.round(value + (to[k] - value) * (at - low)))
  return `rgb(${mixed.join(' ')})`
}

/** Ink that is read on a colour: at least 4.5 to 1 everywhere on the scale. */
export const inkOn = (share: number): string => (share < 0.47 ? '#ffffff' : '#000000')
