import { basename } from 'node:path'
import { openRegularFile } from '#db/regularFile.ts'
import {
  damagedSafetensors,
  longestHeader,
  parseSafetensorsHeader,
  safetensorsHeaderBytes,
  safetensorsTypes,
} from '#main/export/weights/safetensorsHeader.ts'
import { readAt, readPieces } from '../readAt.ts'
import { numberTypes } from './numberTypes.ts'
import { blocksOf, countOf, type ArrayFile } from './storedArray.ts'

/**
 * Tensors of a `.safetensors`, of activations say: every type of real numbers, bfloat16 too.
 * @throws LabError badInput where it is damaged
 */
export async function openSafetensors(path: string): Promise<ArrayFile> {
  const file = basename(path)
  const handle = await openRegularFile(path)
  try {
    const { size } = await handle.stat()
    const headerBytes = safetensorsHeaderBytes(await readAt(handle, 0, 8))
    if (headerBytes > longestHeader || 8 + headerBytes > size) throw damagedSafetensors(file)
    const { tensors } = parseSafetensorsHeader(
      await readAt(handle, 8, headerBytes),
      size - 8 - headerBytes,
      file,
    )
    const arrays = tensors.map(({ name, dtype, shape, begin, end }) => {
      const type = safetensorsTypes[dtype]
      return {
        name,
        shape,
        typeName: type?.name ?? dtype,
        unfit: type ? null : `holds values of type ${dtype}. Save it as float32.`,
        scale: type?.scale ?? 1,
        firstFastest: false,
        stackedBy: 'first' as const,
        blocks: () =>
          blocksOf(readPieces(handle, 8 + headerBytes + begin, end - begin, 1 << 23), {
            type: type ?? numberTypes.uint8,
            little: true,
            count: countOf(shape),
            name: `${name} in ${file}`,
          }),
      }
    })
    return { arrays, close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}
