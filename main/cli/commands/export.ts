import { Option } from 'commander'
import { findRun } from '#db/queries/runs.ts'
import { exportRun, tableContents, type TableContent } from '#main/export/exportRun.ts'
import { exportRuns } from '#main/export/exportRuns.ts'
import { writeMlflow } from '#main/export/mlflow/writeMlflow.ts'
import { writeTensorboard } from '#main/export/tensorboard/writeTensorboard.ts'
import { writeWhole } from '#main/export/writeWhole.ts'
import { exportFormats, type ExportFormat } from '#shared/domain/exportRequest.ts'
import { mlflowServerCommand } from '#shared/domain/mlflowServer.ts'
import { filterSpaces, type FilterSpace } from '#shared/filters/pixelFilters.ts'
import { LabError } from '#shared/domain/labError.ts'
import { snippetNames, snippets, type SnippetName } from '#shared/snippets/index.ts'
import { labCommand, type Context, type Output } from '../command.ts'
import { toCount } from '../text.ts'

/** Formats of many files, which other tools keep together in a folder. */
const folderFormats = { tensorboard: writeTensorboard, mlflow: writeMlflow }
type FolderFormat = keyof typeof folderFormats

interface Options {
  format?: ExportFormat | FolderFormat
  out?: string
  iteration?: number
  what: TableContent
  space?: FilterSpace
  snippet?: SnippetName
}

export const exportCommand = labCommand<Options>(
  'export [run...]',
  "write runs' weights, filters or records for other tools",
  async (names, options, context) => {
    if (options.snippet !== undefined) return writeSnippet(options.snippet, options.out)
    const { format, out } = options
    if (names.length === 0) throw new LabError('badUsage', 'Name a run to export.')
    if (format === undefined || out === undefined) {
      throw new LabError('badUsage', 'Say what to write with --format and where with --out.')
    }
    const runIds = findRuns(names, context)
    const signal = context.interrupted
    if (isFolderFormat(format)) {
      const files = await folderFormats[format](context.library(), runIds, out, signal)
      const written = several(format, files)
      if (format !== 'mlflow') return written
      const open = `In ${out}: ${mlflowServerCommand}`
      return { ...written, text: `${written.text}\n${open}` }
    }
    const how = { signal, format, iteration: options.iteration, what: options.what, space: options.space }
    if (runIds.length > 1) return several(format, await exportRuns(context.library(), runIds, out, how))
    await exportRun(context.library(), runIds[0], { ...how, file: out })
    return { json: { runId: runIds[0], format, file: out }, text: `Wrote ${out}.` }
  },
)
  .addOption(
    new Option('--format <format>', 'what to write').choices([
      ...exportFormats,
      ...Object.keys(folderFormats),
    ]),
  )
  .option('--out <path>', 'file to write; a folder for several runs, tensorboard and mlflow')
  .option('--iteration <number>', 'a snapshot instead of the final weights', toCount)
  .addOption(
    new Option('--what <content>', 'what a csv holds').choices([...tableContents]).default('weights'),
  )
  .addOption(
    new Option(
      '--space <space>',
      'for png of a run on whitened patches: the weights themselves, or what they look for in pixels (default: whitened)',
    ).choices([...filterSpaces]),
  )
  .addOption(
    new Option('--snippet <language>', 'print a program that loads an export instead').choices([
      ...snippetNames,
    ]),
  )

/** Each run once, in the order given. */
export const findRuns = (names: readonly string[], context: Context): number[] => [
  ...new Set(names.map((name) => findRun(context.library(), name).id)),
]

const isFolderFormat = (format: string): format is FolderFormat => Object.hasOwn(folderFormats, format)

function several(format: string, files: readonly { runId: number; file: string }[]): Output {
  return { json: { format, files }, text: files.map(({ file }) => `Wrote ${file}.`).join('\n') }
}

async function writeSnippet(snippet: SnippetName, out: string | undefined): Promise<Output> {
  const code = snippets[snippet]
  if (out === undefined) return { json: { snippet, code }, text: code.trimEnd() }
  const file = await writeWhole(out, Buffer.from(code))
  return { json: { snippet, file }, text: `Wrote ${file}.` }
}
