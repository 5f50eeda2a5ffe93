import type { Random } from '#shared/random/random.ts'

/** Pixel values, inside what a sigmoid unit can reach. */
export const barOn = 0.9
export const barOff = 0.1

/**
 * Bars: each of the 2·patchSize rows and columns is lit with a probability, 1/patchSize unless said, independently;
 * where a row and a column cross, the pixel is as bright as elsewhere. The bars are the features to be found.
 * @param patch overwritten with one patch, patchSize² · channels
 * @see Földiák, Forming sparse representations by local anti-Hebbian learning, Biological Cybernetics 64, 1990
 */
export function generateBars(
  patch: Float32Array,
  patchSize: number,
  channels: 1 | 3,
  random: Random,
  probability = 1 / patchSize,
): void {
  patch.fill(barOff)
  const rowLength = patchSize * channels
  for (let bar = 0; bar < 2 * patchSize; bar++) {
    if (random.uniform() >= probability) continue
    if (bar < patchSize) patch.fill(barOn, bar * rowLength, (bar + 1) * rowLength)
    else lightColumn(patch, bar - patchSize, channels, rowLength)
  }
}

function lightColumn(patch: Float32Array, column: number, channels: 1 | 3, rowLength: number): void {
  for (let at = column * channels; at < patch.length; at += rowLength) patch.fill(barOn, at, at + channels)
}
