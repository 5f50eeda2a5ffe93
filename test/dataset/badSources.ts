import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { formatNpy } from '#main/dataset/npy.ts'
import { photos } from '../cli/runLab.ts'
import { greyPng, zeroPng } from './pictures.ts'

const npy = (dictionary: string) => {
  const header = `${dictionary}\n`
  const start = Buffer.from('\x93NUMPY\x01\x00\0\0', 'latin1')
  start.writeUInt16LE(header.length, 8)
  return Buffer.concat([start, Buffer.from(header), Buffer.alloc(64)])
}
const header = (descr: string, order: string) =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (4, 4), }`
const holding = (value: number) => formatNpy([4, 4], new Float32Array(16).fill(0.5).with(6, value))
/** Interlaced, so that it would have to be held whole. */
const claims = (width: number, height: number) => {
  const file = zeroPng(2, 2)
  file.writeUInt32BE(width, 16)
  file.writeUInt32BE(height, 20)
  file[28] = 1
  return file
}

export interface BadSource {
  what: string
  /** What lies in the folder, by name. */
  files: Record<string, () => Uint8Array | Promise<Uint8Array>>
  /** What of it is imported; "." for the folder itself. */
  source: string
  /** What the user is told. */
  sentence: string
  /** What the window says instead, where it knows better beforehand. */
  inWindow?: string
}

/** Every bad input of data that is a folder or a file. */
export const badSources: readonly BadSource[] = [
  {
    what: 'a path that is not there',
    files: {},
    source: 'nowhere',
    sentence: 'nowhere does not exist. Check the path.',
    inWindow: 'nowhere is not there. Choose another folder or file.',
  },
  { what: 'an empty folder', files: {}, source: '.', sentence: 'There are no images in' },
  {
    what: 'a folder without images',
    files: { 'notes.txt': () => Buffer.from('text') },
    source: '.',
    sentence: 'There are no images in',
  },
  {
    what: 'an image cut short',
    files: { 'a.jpg': async () => (await readFile(path.join(photos, 'aqua.jpg'))).subarray(0, 9000) },
    source: '.',
    sentence: 'The file ends early, after 9000 bytes. Copy it again.',
  },
  {
    what: 'a text with the extension of a PNG',
    files: { 'a.png': () => Buffer.from('no picture') },
    source: '.',
    sentence: 'This is not an image.',
  },
  {
    what: 'an image smaller than a patch',
    files: { 'a.png': () => greyPng(6, 9, (x) => x) },
    source: '.',
    sentence: 'Smaller than one patch: 6 × 9 px, patches are 8 × 8.',
  },
  {
    what: 'an image of 30 000 × 30 000',
    files: { 'a.png': () => claims(30_000, 30_000) },
    source: '.',
    sentence: 'Too large: 30000 × 30000 px are 900 megapixels, the limit is 100. Scale it down.',
  },
  {
    what: 'images without contrast',
    files: { 'a.png': () => greyPng(30, 30, () => 7) },
    source: '.',
    sentence: 'Every patch is flat, so there is nothing to learn. Take images with some contrast.',
  },
  {
    what: 'an image in place of a folder',
    files: { 'a.png': () => greyPng(30, 30, (x) => x) },
    source: 'a.png',
    sentence: 'a.png is an image. Give the folder that holds the images.',
    inWindow: 'Take the folder that holds the images.',
  },
  {
    what: 'a .npy with NaN',
    files: { 'X.npy': () => holding(Number.NaN) },
    source: 'X.npy',
    sentence: 'X.npy holds NaN at row 1, column 2 (from 0).',
  },
  {
    what: 'a .npy with infinity',
    files: { 'X.npy': () => holding(-Infinity) },
    source: 'X.npy',
    sentence: 'X.npy holds -Infinity at row 1, column 2',
  },
  {
    what: 'a .npy with a pickled object',
    files: { 'X.npy': () => npy(header('|O', 'False')) },
    source: 'X.npy',
    sentence: 'X.npy holds pickled Python objects, which are not opened.',
  },
  {
    what: 'a .npy cut short',
    files: { 'X.npy': () => holding(1).subarray(0, 150) },
    source: 'X.npy',
    sentence: 'X.npy ends early',
  },
]
