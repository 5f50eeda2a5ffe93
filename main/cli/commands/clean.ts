import { removeUnusedBlobs } from '#db/blobRows.ts'
import type { Library } from '#db/library.ts'
import { libraryUsage } from '#db/queries/usage.ts'
import { findBrokenBlobs } from '#db/storedParts.ts'
import { LabError } from '#shared/domain/labError.ts'
import { partError } from '#shared/domain/storedPart.ts'
import { labCommand, type Context, type Output } from '../command.ts'
import { pairs } from '../text.ts'

const megabytes = (sizeBytes: number) => `${(sizeBytes / 1e6).toFixed(1)} MB`

export const cleanCommand = labCommand<{ verify?: boolean }>(
  'clean',
  'remove what nothing in the library uses any more, and say what it takes on disk',
  (_args, { verify }, context) => (verify ? check(context) : clean(context.library())),
).option('--verify', 'instead read all patches and weights, and name those that are damaged or missing')

function clean(library: Library): Output {
  const { blobs, freedBytes } = removeUnusedBlobs(library, new Date())
  const usage = libraryUsage(library)
  const text = pairs([
    ['Freed', `${megabytes(freedBytes)}, ${blobs} files`],
    ['Patches and weights', megabytes(usage.blobBytes)],
    ['Database', megabytes(usage.databaseBytes)],
    // A blob may belong to an import that is under way.
    ...(usage.unusedBytes > 0
      ? ([['Younger than an hour', `${megabytes(usage.unusedBytes)} that nothing uses yet`]] as [
          string,
          string,
        ][])
      : []),
  ])
  return { json: { blobs, freedBytes, ...usage }, text }
}

/** Reads every file that the library names; nothing is removed. */
async function check(context: Context): Promise<Output> {
  const library = context.library()
  const { blobBytes } = libraryUsage(library)
  let bytes = 0
  const { checked, broken } = await findBrokenBlobs(library, async (count) => {
    bytes += count
    context.progress.show(bytes, blobBytes, `${megabytes(bytes)} read`)
    // Ctrl-C comes in between two pieces.
    await new Promise((resolve) => setImmediate(resolve))
    if (context.interrupted.aborted) throw new LabError('stopped', 'Stopped; not all files were looked at.')
  })
  const sentences = broken.flatMap(({ hash, problem, parts }) =>
    parts.map((part) => `${partError(part, problem).message} (blobs/${hash})`),
  )
  const whole = `${checked} files, ${megabytes(bytes)}: ${broken.length === 0 ? 'all are what they were.' : `${broken.length} of them damaged or missing.`}`
  return {
    json: { checked, bytes, broken },
    text: [whole, ...sentences].join('\n'),
    exitCode: broken.length === 0 ? 0 : 1,
  }
}
