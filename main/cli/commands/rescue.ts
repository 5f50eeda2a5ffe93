import { rescueLibrary } from '#db/rescue/rescueLibrary.ts'
import { labCommand } from '../command.ts'
import { pairs } from '../text.ts'

export const rescueCommand = labCommand<{ out: string }>(
  'rescue <folder>',
  'copy all that can be read of a damaged library into a new one',
  ([folder], { out }) => {
    const rescue = rescueLibrary(folder, out)
    const text = pairs([
      ['Saved in', out],
      ['Datasets', String(rescue.datasets)],
      ['Runs', String(rescue.runs)],
      ['Files', `${rescue.blobs}, and ${rescue.brokenBlobs} that were damaged or missing`],
      ['Damaged', rescue.damagedTables.join(', ') || 'no table'],
    ])
    return { json: rescue, text }
  },
).requiredOption('--out <folder>', 'folder of the new library')
