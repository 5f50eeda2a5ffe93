import type { Library } from '#db/library.ts'
import { findDataset, readWhitening } from '#db/queries/datasets.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { getRun } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import type { IterationColumns, RunDetail, Snapshot } from '#shared/domain/run.ts'
import { activationAt } from '#shared/model/activations.ts'
import { hasTarget } from '#shared/model/penalties.ts'
import { inPixels } from '#shared/filters/pixelFilters.ts'
import { eventHistogram } from '../tensorboard/eventHistogram.ts'
import { filterPicture, formatPng } from '../filterPng.ts'
import { writeWhole } from '../writeWhole.ts'
import { histogramChart, lineChart, type ChartLine } from './chart.ts'
import { escapeHtml, htmlTable } from './html.ts'
import { reportStyle } from './reportStyle.ts'
import { datasetRows, nothing, originRows, resultRows, settingRows, type ReportRow } from './reportTables.ts'

interface Reported {
  run: RunDetail
  series: IterationColumns
  snapshot: Snapshot | null
}

const colours = 6

/**
 * Writes a report of a run, or of several side by side, as one HTML file that needs nothing else: curves as SVG,
 * filters as PNG inside it, settings, data and results as tables; light, dark and printable.
 * @returns the absolute path
 * @throws LabError notFound; badInput where the file cannot be written; diskFull
 */
export async function writeReport(
  library: Library,
  runIds: readonly number[],
  file: string,
  signal?: AbortSignal,
): Promise<string> {
  return writeWhole(file, Buffer.from(await formatReport(library, runIds)), signal)
}

export async function formatReport(library: Library, runIds: readonly number[]): Promise<string> {
  const reported = runIds.map((id) => ({
    run: getRun(library, id),
    series: readSeries(library, id, -1),
    snapshot: readSnapshot(library, id, Number.MAX_SAFE_INTEGER),
  }))
  const runs = reported.map(({ run }) => run)
  const title = runs.length === 1 ? runs[0].name : `${runs.length} runs compared`
  const datasets = [...new Set(runs.map(({ datasetId }) => datasetId))].map((id) =>
    findDataset(library, String(id)),
  )
  const results = section('Results', rowsOf(resultRows, runs))
  const grids = section('Filters', await filters(library, reported))
  const set = section('Settings', settings(runs))
  const data = section('Data', datasets.map((dataset) => htmlTable(null, datasetRows(dataset))).join('\n'))
  const origin = section('Where and when', rowsOf(originRows, runs))
  const notes = runs.filter((run) => run.notes.trim() !== '').map(notesOf)
  const sections =
    reported.length === 1
      ? [
          pair(results, grids),
          section('Training', ownCurves(reported[0])),
          pair(set, `<div>${data}${origin}</div>`),
          ...notes,
        ]
      : [results, section('Training', comparedCurves(reported)), grids, set, data, origin, ...notes]
  return page(title, sections)
}

function page(title: string, sections: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(title)} – Rho Lab</title>
<style>${reportStyle}</style>
</head>
<body>
<header><h1>${escapeHtml(title)}</h1><p class="quiet">Sparse autoencoder, trained in Rho Lab</p></header>
<main>
${sections.join('\n')}
</main>
<footer>The model and its cost: Andrew Ng, <cite>Sparse autoencoder</cite>, CS294A lecture notes.</footer>
</body>
</html>
`
}

const section = (title: string, content: string) => `<section><h2>${title}</h2>\n${content}\n</section>`

/** Beside each other where there is room. */
const pair = (left: string, right: string) => `<div class="pair">\n${left}\n${right}\n</div>`

const headOf = (runs: readonly RunDetail[]) =>
  runs.length === 1 ? null : ['', ...runs.map(({ id, name }) => `${id} ${name}`)]

/** Rows of which no run has anything are left out. */
const rowsOf = (rows: readonly ReportRow[], runs: readonly RunDetail[]) =>
  htmlTable(
    headOf(runs),
    rows
      .map(([name, value]) => [name, ...runs.map(value)])
      .filter(([, ...values]) => values.some((value) => value !== nothing)),
  )

/** What differs first: of several runs that is what one looks for. */
function settings(runs: readonly RunDetail[]): string {
  const rows = settingRows(runs)
  if (runs.length === 1) return rowsOf(rows, runs)
  const differs = ([, value]: ReportRow) => runs.some((run) => value(run) !== value(runs[0]))
  const differing = rows.some(differs)
    ? rowsOf(rows.filter(differs), runs)
    : '<p>All settings are the same.</p>'
  const same = rows.filter((row) => !differs(row))
  return `${differing}
<h3 class="quiet">The same for all</h3>${rowsOf(same, [runs[0]])}`
}

function ownCurves({ run, series, snapshot }: Reported): string {
  const { iteration: x, cost, reconstruction, weightDecay, sparsity } = series
  const heldOut = series.validation.some(Number.isFinite) ? { 'held out': series.validation } : {}
  const parts = Object.entries({ cost, reconstruction, 'weight decay': weightDecay, sparsity, ...heldOut })
  const averages = Object.entries({
    most: series.rhoHatMax,
    median: series.rhoHatMedian,
    least: series.rhoHatMin,
  })
  const lines = (columns: [string, Float64Array][]): ChartLine[] =>
    columns.map(([name, y], k) => ({ name, colour: k + 1, x, y }))
  const target = hasTarget(run.config)
    ? { value: activationAt(run.config.activation, run.config.rho), name: 'target' }
    : undefined
  const histogram = snapshot && eventHistogram(snapshot.rhoHat)
  return `<div class="pair">
${lineChart(lines(parts), { title: 'Cost and its parts', xLabel: 'iteration' })}
${lineChart(lines(averages), { title: 'Average activation ρ̂ over hidden units', xLabel: 'iteration', target })}
${histogram ? histogramChart(histogram, { title: 'Hidden units by their ρ̂ at the end', xLabel: 'ρ̂', target }) : ''}
</div>`
}

function comparedCurves(reported: readonly Reported[]): string {
  const lines = (column: 'cost' | 'reconstruction' | 'rhoHatMean'): ChartLine[] =>
    reported.map(({ run, series }, k) => ({
      name: `${run.id} ${run.name}`,
      colour: (k % colours) + 1,
      x: series.iteration,
      y: series[column],
    }))
  return `<div class="pair">
${lineChart(lines('cost'), { title: 'Cost', xLabel: 'iteration' })}
${lineChart(lines('reconstruction'), { title: 'Reconstruction error', xLabel: 'iteration' })}
${lineChart(lines('rhoHatMean'), { title: 'Mean of ρ̂ over hidden units', xLabel: 'iteration' })}
</div>`
}

async function filters(library: Library, reported: readonly Reported[]): Promise<string> {
  const figures: string[] = []
  for (const { run, snapshot } of reported) {
    const heading = reported.length > 1 ? `<h3>${escapeHtml(`${run.id} ${run.name}`)}</h3>` : ''
    figures.push(`<div class="run">${heading}${await filterImage(library, run, snapshot)}</div>`)
  }
  return `<div class="runs">${figures.join('\n')}</div>
<p class="quiet">Each square is the input that a hidden unit answers to most, scaled by its own largest value; grey is zero. Where patches were whitened, it is drawn in pixels.</p>`
}

async function filterImage(library: Library, run: RunDetail, snapshot: Snapshot | null): Promise<string> {
  if (!snapshot) return '<p>There are no weights yet.</p>'
  if (run.patchSize === null) return `<p>Rows of ${run.visible} values are no square patches to draw.</p>`
  const filters = inPixels(snapshot.weights.W1, readWhitening(library, run.datasetId))
  const picture = filterPicture(run, filters)
  const png = Buffer.from(await formatPng(picture)).toString('base64')
  const alt = `Filters of ${run.config.hidden} hidden units at iteration ${snapshot.iteration}`
  return `<img alt="${escapeHtml(alt)}" width="${picture.width}" height="${picture.height}" src="data:image/png;base64,${png}">`
}

const notesOf = ({ name, notes }: RunDetail) =>
  `<section><h2>Notes on ${escapeHtml(name)}</h2><p class="notes">${escapeHtml(notes)}</p></section>`
