import { removeUnusedBlobs } from '#db/blobRows.ts'
import { libraryUsage } from '#db/queries/usage.ts'
import { labCommand } from '../command.ts'
import { pairs } from '../text.ts'

const megabytes = (sizeBytes: number) => `${(sizeBytes / 1e6).toFixed(1)} MB`

export const cleanCommand = labCommand(
  'clean',
  'remove what nothing in the library uses any more, and say what it takes on disk',
  (_args, _options, context) => {
    const library = context.library()
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
  },
)
