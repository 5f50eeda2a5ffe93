import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * Refuses a file that is not the one that was pinned.
 * @param expected npm's integrity string, `sha512-` and the digest in base64.
 * @throws Error naming both digests.
 */
export async function checkIntegrity(file: string, expected: string): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  const found = `sha512-${hash.digest('base64')}`
  if (found !== expected)
    throw new Error(
      `${basename(file)} is not the file that was pinned: expected ${expected}, found ${found}.`,
    )
}
