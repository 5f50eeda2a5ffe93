import { LabError } from './labError.ts'

/**
 * JSON that this program has stored.
 * @throws LabError damaged where something else has changed it
 */
export function storedJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new LabError(
      'damaged',
      'The library is damaged: what it says of a run or dataset cannot be read. Rescue it: lab rescue FOLDER --out NEW.',
      { cause: error },
    )
  }
}
