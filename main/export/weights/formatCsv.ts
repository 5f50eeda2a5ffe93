import type { IterationColumns } from '#shared/domain/run.ts'
import { csvLine, type CsvCell } from '#shared/text/csvLine.ts'
import type { ExportedWeights } from './exportedWeights.ts'
import { float32Text } from './float32Text.ts'

export const weightsHeader = 'array,row,column,value'

/** Text in parts, so that who writes a large file can answer others in between. */
export type TextParts = Generator<Uint8Array, void, undefined>

const partLines = 8192

/** One line a weight: `array,row,column,value`, counted from 0; a vector's column is 0. W1, b1, W2, b2, then rhoHat. */
export function formatWeightsCsv({ weights, rhoHat }: ExportedWeights): TextParts {
  const { visible: n, hidden: h, W1, W2, b1, b2 } = weights
  const arrays: [string, Float32Array, number][] = [
    ['W1', W1, n],
    ['b1', b1, 1],
    ['W2', W2, h],
    ['b2', b2, 1],
    ['rhoHat', rhoHat, 1],
  ]
  return lines(weightsHeader, function* () {
    for (const [name, values, columns] of arrays) {
      for (const [i, value] of values.entries()) {
        yield [name, Math.floor(i / columns), i % columns, float32Text(value)]
      }
    }
  })
}

/** One line a quantity of an iteration: `iteration,metric,value`; a value that is not a number is left empty. */
export function formatIterationsCsv({ count, iteration, ...columns }: IterationColumns): TextParts {
  return lines('iteration,metric,value', function* () {
    for (let k = 0; k < count; k++) {
      for (const [metric, values] of Object.entries(columns)) {
        yield [iteration[k], metric, values[k]]
      }
    }
  })
}

/** One line a hidden unit of a recorded iteration: `iteration,unit,rhoHat`, units counted from 0. */
export function formatRhoHatCsv(rhoHats: Iterable<{ iteration: number; rhoHat: Float32Array }>): TextParts {
  return lines('iteration,unit,rhoHat', function* () {
    for (const { iteration, rhoHat } of rhoHats) {
      for (const [unit, value] of rhoHat.entries()) yield [iteration, unit, float32Text(value)]
    }
  })
}

/** With the line ends that every reader takes. */
function* lines(header: string, rows: () => Iterable<readonly CsvCell[]>): TextParts {
  let part = [`${header}\n`]
  for (const row of rows()) {
    part.push(csvLine(row, '\n'))
    if (part.length < partLines) continue
    yield Buffer.from(part.join(''))
    part = []
  }
  if (part.length > 0) yield Buffer.from(part.join(''))
}
