/**
 * A filter in one channel: itself, or of three channels 0.299 R + 0.587 G + 0.114 B.
 * @param filter size² · channels values, channel last
 */
export const luminance = (filter: ArrayLike<number>, size: number, channels: 1 | 3): Float64Array =>
  Float64Array.from({ length: size * size }, (_, i) =>
    channels === 1
      ? filter[i]
      : 0.299 * filter[3 * i] + 0.587 * filter[3 * i + 1] + 0.114 * filter[3 * i + 2],
  )
