import { basename, extname } from 'node:path'
import { openFileSource } from '#main/export/byteSource.ts'
import { listZip } from '#main/export/zip.ts'
import { recogniseFormat } from '../image/imageFormat.ts'

interface Kind {
  /** What it starts with, from `at` on (0 where left out), in Latin-1. */
  start: string | RegExp
  at?: number
  /** What it is, and what to do: said behind the file's name. */
  says: string
}

/** Files that people take for arrays, or have beside them. */
const kinds: readonly Kind[] = [
  {
    start: 'Octave-1-',
    says: 'is in Octave’s binary format. Save it again with save -v7 X.mat X.',
  },
  { start: 'PAR1', says: 'is a Parquet file. Save it as .npy (numpy.save) or as CSV.' },
  { start: 'ARROW1', says: 'is an Arrow (Feather) file. Save it as .npy (numpy.save) or as CSV.' },
  { start: /^RD[AX][23]\n|^X\n\0\0\0[23]/, says: 'is a file of R. Write the table with write.csv.' },
  { start: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', says: 'is an old Excel workbook. Save the sheet as CSV.' },
  { start: 'SQLite format 3\0', says: 'is an SQLite database. Save the table as CSV.' },
  { start: 'SIMPLE  =', says: 'is a FITS file. Save its array with numpy.save.' },
  { start: 'DICM', at: 128, says: 'is a DICOM image. Save its pixels with numpy.save, or as TIFF.' },
  { start: /^[ni]\+?1\0/, at: 344, says: 'is a NIfTI volume. Save its array with numpy.save.' },
  { start: '%PDF-', says: 'is a PDF document. Give images or arrays.' },
  { start: '7z\xbc\xaf\x27\x1c', says: 'is a 7-Zip archive. Unpack it, and give the folder or file inside.' },
  { start: 'Rar!', says: 'is a RAR archive. Unpack it, and give the folder or file inside.' },
  { start: 'BZh', says: 'is packed with bzip2. Unpack it.' },
  { start: '\xfd7zXZ\0', says: 'is packed with xz. Unpack it.' },
  { start: '\x28\xb5\x2f\xfd', says: 'is packed with Zstandard. Unpack it.' },
  { start: 'ustar', at: 257, says: 'is a TAR archive. Unpack it, and give the folder or file inside.' },
  { start: 'CDF', says: 'is a netCDF 3 file. Save its array with numpy.save.' },
]

const pickled =
  'holds pickled Python objects, which are not opened. Save an array with numpy.save, a module of PyTorch with safetensors.torch.save_file.'
const ofPyTorch =
  'is a file of PyTorch, pickled Python objects, which are not opened. Save a tensor with numpy.save(file, tensor.numpy()), weights with safetensors.torch.save_file.'

/**
 * What a file is that holds no array, and what to do, to be said behind its name; null where it is not known.
 * @param start its first bytes
 */
export async function otherFile(path: string, start: Uint8Array): Promise<string | null> {
  const name = basename(path)
  if (recogniseFormat(start) !== null) return 'is an image. Give the folder that holds the images.'
  const text = Buffer.from(start).toString('latin1')
  const kind = kinds.find(({ start: begin, at = 0 }) => {
    const there = text.slice(at, at + 32)
    return typeof begin === 'string' ? there.startsWith(begin) : begin.test(there)
  })
  if (kind) return kind.says
  if (start[0] === 0x80 && start[1] >= 2 && start[1] <= 5) {
    return /\.(pt|pth|ckpt)$/i.test(extname(name)) ? ofPyTorch : pickled
  }
  return start[0] === 0x50 && start[1] === 0x4b ? otherZip(path, name) : null
}

const picture = /\.(png|jpe?g|webp|tiff?|bmp|gif|p[bgpn]m|heic|avif)$/i

/** A ZIP archive that is no `.npz`; null where it is one, or is damaged, which is said when it is read. */
async function otherZip(path: string, name: string): Promise<string | null> {
  const source = openFileSource(path)
  try {
    const words = { name, kind: 'a ZIP archive', mend: 'Copy it again.', mostFiles: 1_000_000 }
    const files = [...(await listZip(source, words)).keys()].filter((file) => !file.endsWith('/'))
    if (files.some((file) => file.endsWith('.npy'))) return null
    if (files.some((file) => /(^|\/)(data\.pkl|constants\.pkl)$/.test(file))) return ofPyTorch
    if (files.includes('xl/workbook.xml')) return 'is an Excel workbook. Save the sheet as CSV.'
    if (files.some((file) => file.endsWith('model.weights.h5'))) {
      return 'is a model of Keras. Save its weights with numpy.savez, as W1, b1, W2, b2.'
    }
    const pictures = files.filter((file) => picture.test(file)).length
    if (pictures > 0) {
      return `is a ZIP archive of ${pictures === 1 ? 'a picture' : `${pictures} pictures`}. Unpack it, and give the folder.`
    }
    if (extname(name).toLowerCase() === '.npz') return 'holds no arrays of NumPy. Save it with numpy.savez.'
    const first = files.length === 0 ? 'nothing' : files[0].slice(0, 60)
    return `is a ZIP archive with ${first}${files.length > 1 ? ` and ${files.length - 1} more` : ''}. Unpack it, and give what is inside.`
  } catch {
    return null
  } finally {
    source.close()
  }
}
