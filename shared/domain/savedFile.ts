import { z } from 'zod'

/** What the window draws or counts itself and can save: pictures and tables of charts. */
export const savedKinds = ['png', 'svg', 'csv'] as const
export type SavedKind = (typeof savedKinds)[number]

export const savedKindNames: Record<SavedKind, string> = {
  png: 'PNG picture',
  svg: 'SVG drawing',
  csv: 'CSV table',
}

/** A million rows of a dozen numbers fit. */
const largestBytes = 256 * 1024 * 1024

export const fileToSaveSchema = z.strictObject({
  /** Proposed, without its ending. */
  name: z.string().min(1).max(300),
  kind: z.enum(savedKinds),
  bytes: z.instanceof(Uint8Array).refine(({ length }) => length <= largestBytes, {
    error: 'The file would be larger than 256 MB. Export fewer numbers.',
  }),
})
export type FileToSave = z.infer<typeof fileToSaveSchema>
