import { parseNpy } from '#main/dataset/npy.ts'
import { headerBytes, parseNpyHeader } from '#main/dataset/npy/npyHeader.ts'
import { parseNpyText } from './npyText.ts'
import {
  importWeights,
  lacking,
  longestConfigBytes,
  weightNames,
  type FoundArray,
  type ImportedWeights,
} from './weights/importedWeights.ts'
import { listZip, type ZipMember } from './zip.ts'

/**
 * Weights from the bytes of an `.npz`. All shapes are checked before any array is unpacked.
 * @param name what messages call the file
 * @throws LabError badInput, shape
 */
export async function parseNpz(bytes: Uint8Array, name: string): Promise<ImportedWeights> {
  const members = await listZip(bytes, name)
  const member = (array: string) => members.get(`${array}.npy`)
  const missing = weightNames.filter((array) => !member(array))
  if (missing.length > 0) {
    const there = [...members.keys()].map((file) => file.replace(/\.npy$/, ''))
    throw lacking(name, missing, there, 'Save W1, W2, b1 and b2 with numpy.savez.')
  }
  const found = (array: string) => findArray(member(array)!, array, name)
  return importWeights(
    {
      W1: found('W1'),
      W2: found('W2'),
      b1: found('b1'),
      b2: found('b2'),
      ...(member('rhoHat') && { rhoHat: found('rhoHat') }),
    },
    {
      config: readText(member('config'), name),
      normalisation: readText(member('normalisation'), name),
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
