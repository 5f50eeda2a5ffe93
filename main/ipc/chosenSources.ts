import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, extname, isAbsolute } from 'node:path'
import { otherKind } from '#db/regularFile.ts'
import { arrayKinds } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Source } from '#shared/ipc/contract.ts'

/** A path that the user chose, as main knows it. */
export interface ChosenPath {
  kind: Source['kind']
  path: string
}

export interface Sources {
  /** @throws LabError badInput, notFound */
  add(path: string): Promise<Source>
  /** @throws LabError notFound for a token that was not given out here */
  get(token: string): ChosenPath
}

/** Nobody chooses more before importing one; the oldest are forgotten. */
const kept = 64

/** Keeps paths in main; the window gets a token for each, which says nothing and cannot be guessed. */
export function createSources(): Sources {
  const chosen = new Map<string, ChosenPath>()
  return {
    async add(path) {
      const kind = await kindOf(path)
      const token = randomBytes(16).toString('hex')
      chosen.set(token, { kind, path })
      const [oldest] = chosen.keys()
      if (chosen.size > kept) chosen.delete(oldest)
      const name = basename(path, kind === 'folder' ? '' : extname(path))
      return { token, kind, name: name || path, displayPath: path }
    },
    get(token) {
      const source = chosen.get(token)
      if (!source) throw new LabError('notFound', 'That folder is no longer known. Choose it again.')
      return source
    },
  }
}

/** By name only; what the file really holds is seen when it is read. MNIST's own files end in "-ubyte". */
const arrayName =
  /\.(npy|npz|mat|csv|tsv|txt|dat|idx|gz|h5|hdf5|he5|nc|bin|safetensors|pt|pth|pkl|parquet|xlsx?|zip)$|[-.]idx\d+-\w+$/i
/** Formats of weights that hold nothing else; other files of arrays are looked into. */
const weightsName = /\.(onnx|json)$/i
const bundleName = /\.rholab$/i

async function kindOf(path: string): Promise<Source['kind']> {
  // What is dragged out of a browser, or of an archive, has no path.
  if (!isAbsolute(path)) {
    throw new LabError(
      'badInput',
      'What was dropped is no file on this computer. Save it first, then drop the file.',
    )
  }
  const stats = await stat(path).catch(() => null)
  if (!stats) throw new LabError('notFound', `${path} is not there. Choose another folder or file.`)
  if (stats.isDirectory()) return 'folder'
  const kind = otherKind(stats)
  if (kind !== null) {
    throw new LabError('badInput', `${path} is not a file but ${kind}. Choose a folder or a file.`)
  }
  if (bundleName.test(basename(path))) return 'bundle'
  if (weightsName.test(basename(path))) return 'weights'
  if (arrayName.test(basename(path))) return 'array'
  throw new LabError(
    'badInput',
    `${basename(path)} is neither a folder, nor a file of arrays (${arrayKinds}), weights (.safetensors, .onnx, .json), nor a bundle (.rholab). Take the folder that holds the images.`,
  )
}
