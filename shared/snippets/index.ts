import { matlabSnippet } from './matlab.ts'
import { numpySnippet } from './numpy.ts'
import { pytorchSnippet } from './pytorch.ts'

export const snippetNames = ['numpy', 'pytorch', 'matlab'] as const
export type SnippetName = (typeof snippetNames)[number]

/** Programs that load an export and give patches back as the trained network does. */
export const snippets: Record<SnippetName, string> = {
  numpy: numpySnippet,
  pytorch: pytorchSnippet,
  matlab: matlabSnippet,
}
