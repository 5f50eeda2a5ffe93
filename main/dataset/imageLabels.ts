import { basename } from 'node:path'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { LabError } from '#shared/domain/labError.ts'
import { labelsOf } from '#shared/domain/labels.ts'
import { readLabels, readLabelTable } from './array/labels.ts'

/** Where the class of each image is to be had from. */
export interface ImageLabels {
  /** A file of labels. */
  labels?: string | undefined
  /** The folder that an image lies in names its class. */
  labelsFromFolders?: boolean | undefined
}

/**
 * Gives the patches of images the classes of their images.
 * @throws LabError badInput where an image has no label
 */
export async function withImageLabels(
  draft: DatasetDraft,
  { labels, labelsFromFolders }: ImageLabels,
): Promise<DatasetDraft> {
  const { images, positions } = draft
  if (positions === null) return draft
  const files = images.map(({ file }) => file)
  if (labels === undefined && !labelsFromFolders) {
    return { ...draft, remarks: [...(draft.remarks ?? []), ...folderRemark(files)] }
  }
  const names = labelsFromFolders
    ? files.map((file) => folderOf(file) ?? basename(draft.origin))
    : await namesFrom(labels!, files, draft.skippedFiles.length)
  return {
    ...draft,
    labels: labelsOf(Array.from({ length: draft.m }, (_, row) => names[positions[3 * row]])),
  }
}

/** The folder's own name; null for an image that lies in none. */
const folderOf = (file: string): string | null => file.split('/').at(-2) ?? null

function folderRemark(files: readonly string[]): string[] {
  const folders = new Set(files.map(folderOf))
  if (folders.has(null) || folders.size < 2 || folders.size > files.length / 2) return []
  return [
    `The images lie in ${folders.size} folders; --labels-from-folders takes the folders’ names as labels.`,
  ]
}

/** By a table of file and label, or one label a line in the order of the files. */
async function namesFrom(path: string, files: readonly string[], skipped: number): Promise<string[]> {
  const said = basename(path)
  const table = await readLabelTable(path)
  if (table !== null) {
    return files.map((file) => {
      const name = basename(file)
      const label = table.get(file) ?? table.get(name) ?? table.get(name.replace(/\.\w+$/, ''))
      if (label !== undefined) return label
      throw new LabError(
        'badInput',
        `${said} has no label for ${file}. Add a line with its name and its label.`,
      )
    })
  }
  const names = await readLabels(path)
  if (names.length === files.length && skipped === 0) return names
  throw new LabError(
    'badInput',
    `${said} holds ${names.length} labels for ${files.length} images${skipped > 0 ? ` and ${skipped} left out` : ''}. Give a table of file,label instead.`,
  )
}
