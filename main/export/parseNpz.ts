import { parseNpy } from '#main/dataset/npy.ts'
import { headerBytes, parseNpyHeader } from '#main/dataset/npy/npyHeader.ts'
import { parseNpyText } from './npyText.ts'
import {
  importWeights,
  longestConfigBytes,
  weightNames,
  type FoundArray,
  type ImportedWeights,
} from './weights/importedWeights.ts'
import { recogniseWeights, type WeightHints } from './weights/recogniseWeights.ts'
import { listZip, type ZipMember } from './zip.ts'

/**
 * Weights from the bytes of an `.npz`. All shapes are checked before any array is unpacked.
 * @param name what messages call the file
 * @throws LabError badInput, shape
 */
export async function parseNpz(
  bytes: Uint8Array,
  name: string,
  hints: WeightHints = {},
): Promise<ImportedWeights> {
  const members = await listZip(bytes, name)
  const arrays = [...members].flatMap(([file, member]) => {
    const array = file.replace(/\.npy$/, '')
    try {
      return file === array ? [] : [findArray(member, array, name)]
    } catch (error) {
      // What holds no numbers is none of the weights.
      if ((weightNames as readonly string[]).includes(array)) throw error
      return []
    }
  })
  const mend = 'Save W1, W2, b1 and b2 with numpy.savez.'
  const rhoHat = arrays.find((array) => array.name === 'rhoHat')
  return importWeights(
    { ...recogniseWeights(arrays, { file: name, mend, hints }), ...(rhoHat && { rhoHat }) },
    {
      config: readText(members.get('config.npy'), name),
      normalisation: readText(members.get('normalisation.npy'), name),
    },
    name,
  )
}

function findArray(member: ZipMember, array: string, name: string): FoundArray {
  const said = `${array} in ${name}`
  const start = member.peek()
  const header = start.subarray(0, headerBytes(start, said))
  const { shape } = parseNpyHeader(header, member.sizeBytes, said)
  return { name: array, shape, read: () => parseNpy(member.read(), said).values }
}

function readText(member: ZipMember | undefined, name: string): string | null {
  if (!member || member.sizeBytes > 4 * longestConfigBytes) return null
  try {
    return parseNpyText(member.read(), name)
  } catch {
    return null
  }
}
