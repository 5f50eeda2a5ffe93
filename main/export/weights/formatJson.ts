import type { IterationColumns } from '#shared/domain/run.ts'
import type { ExportedWeights } from './exportedWeights.ts'
import { float32Text } from './float32Text.ts'
import type { TextParts } from './formatCsv.ts'

const jsonFormat = 'rho-lab-run'
const jsonVersion = 1

const partValues = 8192

/**
 * A run as one JSON document: `run` (what it was), `config`, `metrics` (a column a quantity), `rhoHat`, and `weights`
 * with W1 and W2 as arrays of rows. What is not a finite number is null.
 */
export function* formatJson(
  { weights, rhoHat, config, normalisation }: ExportedWeights,
  run: Record<string, unknown>,
  metrics: IterationColumns,
): TextParts {
  const { visible: n, hidden: h, W1, W2, b1, b2 } = weights
  const columns = Object.entries(metrics).flatMap(([name, values]) =>
    values instanceof Float64Array ? [`${JSON.stringify(name)}: ${JSON.stringify(Array.from(values))}`] : [],
  )
  yield text(`{\n"format": "${jsonFormat}",\n"version": ${jsonVersion},\n"run": ${JSON.stringify(run)},\n`)
  if (normalisation) yield text(`"normalisation": ${JSON.stringify(normalisation)},\n`)
  yield text(`"config": ${JSON.stringify(config)},\n"metrics": {\n${columns.join(',\n')}\n},\n`)
  yield text(`"rhoHat": ${row(rhoHat)},\n"weights": {\n"W1": `)
  yield* matrix(W1, h, n)
  yield text(`,\n"b1": ${row(b1)},\n"W2": `)
  yield* matrix(W2, n, h)
  yield text(`,\n"b2": ${row(b2)}\n}\n}\n`)
}

const text = (part: string) => Buffer.from(part)

const row = (values: Float32Array) =>
  `[${Array.from(values, (value) => (Number.isFinite(value) ? float32Text(value) : 'null')).join(',')}]`

function* matrix(values: Float32Array, rows: number, columns: number): TextParts {
  const perPart = Math.max(1, Math.floor(partValues / columns))
  for (let first = 0; first < rows; first += perPart) {
    const count = Math.min(perPart, rows - first)
    const part = Array.from({ length: count }, (_, k) =>
      row(values.subarray((first + k) * columns, (first + k + 1) * columns)),
    )
    yield text(`${first === 0 ? '[' : ','}\n${part.join(',\n')}`)
  }
  yield text('\n]')
}
