import type { Row, ShapeResult } from './compareShape.ts'
import type { ScalingRow } from './scaling.ts'

export interface Report {
  machine: string
  /** Names and versions of everybody who was timed. */
  versions: string[]
  date: string
  /** Load of the machine before the first measurement. */
  load: number
  rounds: number
  runRounds: number
  iterations: number
  shapes: ShapeResult[]
  scaling: ScalingRow[]
}

/** The report as Markdown; ratios are to what `auto` takes, larger than 1 where that is faster. */
export function formatReport(report: Report): string {
  const { machine, versions, date, load, rounds, runRounds, iterations, shapes, scaling } = report
  const runs = iterations > 0 ? ` and of ${runRounds} whole runs of ${iterations} iterations` : ''
  const blocks = [
    `${machine}; ${versions.join(', ')}. ${date}, load ${load.toFixed(2)} before the start. ` +
      `Medians of ${rounds} interleaved rounds of a gradient${runs}.`,
    shapeTable(shapes),
    shapes.map(({ shape, why }) => `- ${shape}: ${why}`).join('\n'),
  ]
  if (scaling.length > 0) blocks.push(scalingTable(scaling))
  return `${blocks.join('\n\n')}\n`
}

function shapeTable(shapes: readonly ShapeResult[]): string {
  const head = [
    'shape',
    'who',
    'on',
    'gradient ms',
    '× auto',
    'GFLOP/s',
    'Adam step ms',
    '× auto',
    'run s',
    '× auto',
    'evaluations',
    'final cost',
  ]
  const rows = shapes.flatMap(({ shape, rows, productsMs }) => {
    const auto = rows.find((row) => row.auto)
    const floor =
      productsMs === null
        ? []
        : [
            [
              shape,
              'five products alone, NumPy float32',
              '',
              number(productsMs),
              ratio(productsMs, auto?.gradientMs),
            ],
          ]
    return [
      ...rows.toSorted((a, b) => a.gradientMs - b.gradientMs).map((row) => cells(shape, row, auto)),
      ...floor,
    ]
  })
  return markdownTable(head, rows)
}

function cells(shape: string, row: Row, auto: Row | undefined): string[] {
  return [
    shape,
    row.auto ? `**${row.name}** (auto)` : row.name,
    row.device,
    number(row.gradientMs),
    ratio(row.gradientMs, auto?.gradientMs),
    number(row.gflops),
    number(row.stepMs),
    ratio(row.stepMs, auto?.stepMs),
    runTime(row),
    ratio(row.run?.elapsedMs, auto?.run?.elapsedMs),
    row.run ? String(row.run.evaluations) : '–',
    row.run ? row.run.cost.toFixed(4) : '–',
  ]
}

const scalingTable = (rows: readonly ScalingRow[]): string =>
  markdownTable(
    ['engine', 'patches', 'network', 'gradient ms', 'GFLOP/s', 'patches MB', 'process MB'],
    rows.map(({ engine, m, n, h, gradientMs, gflops, patchesBytes, residentBytes }) => [
      engine,
      String(m),
      `${n}→${h}`,
      number(gradientMs),
      number(gflops),
      (patchesBytes / 1e6).toFixed(0),
      (residentBytes / 1e6).toFixed(0),
    ]),
  )

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) => `| ${head.map((_, column) => row[column] ?? '').join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function runTime({ device, run }: Row): string {
  if (run === null) return '–'
  return number(run.elapsedMs / 1000) + (run.device === device ? '' : ` (${run.device})`)
}

/** Three digits. */
function number(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

const ratio = (value: number | null | undefined, of: number | null | undefined): string =>
  value && of ? (value / of).toFixed(2) : '–'

const start = '<!-- bench:start -->'
const end = '<!-- bench:end -->'

/** A document with its part between the markers replaced. */
export function insertReport(document: string, report: string): string {
  const from = document.indexOf(start)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error(`The document has no ${start} … ${end}.`)
  return `${document.slice(0, from + start.length)}\n\n${report}\n${document.slice(to)}`
}
