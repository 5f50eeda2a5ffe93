import { extname } from 'node:path'
import type { Decoded } from './decoded.ts'

const [width, height] = [1536, 1024]

export const vanHaterenSize = { width, height } as const

/**
 * Whether a file is one of van Hateren's natural images: they have no header, but a name and always the same length.
 */
export const isVanHateren = (path: string, sizeBytes: number): boolean =>
  ['.iml', '.imc'].includes(extname(path).toLowerCase()) && sizeBytes === 2 * width * height

/** 16 bits without sign, big-endian, row by row. */
export function decodeVanHateren(bytes: Uint8Array): Decoded {
  const values = new Uint16Array(width * height)
  for (let i = 0; i < values.length; i++) values[i] = (bytes[2 * i] << 8) | bytes[2 * i + 1]
  return { width, height, samples: 1, values }
}
