import { statSync } from 'node:fs'
import { writeBundle } from '#main/export/bundle/writeBundle.ts'
import { labCommand } from '../command.ts'
import { megabytes } from '../text.ts'
import { findRuns } from './export.ts'

interface Options {
  out: string
  patches?: boolean
}

export const bundleCommand = labCommand<Options>(
  'bundle <run...>',
  'write runs with everything about them into one file that another Rho Lab opens',
  async (names, { out, patches = false }, context) => {
    const runIds = findRuns(names, context)
    const file = await writeBundle(context.library(), runIds, out, { patches, signal: context.interrupted })
    const { size: sizeBytes } = statSync(file)
    return { json: { runIds, file, sizeBytes, patches }, text: `Wrote ${file}, ${megabytes(sizeBytes)}.` }
  },
)
  .requiredOption('--out <file>', 'where to write, usually .rholab')
  .option('--patches', 'with the patches: runs can be resumed and started there')
