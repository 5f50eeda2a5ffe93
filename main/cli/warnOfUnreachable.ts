import type { Library } from '#db/library.ts'
import { describeDataset } from '#db/queries/datasets.ts'
import { usualRange } from '#shared/domain/dataset.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { unreachableValues } from '#shared/domain/unreachableValues.ts'
import { printProblem } from './terminal.ts'

export interface RunToCome {
  config: Pick<RunConfig, 'activation' | 'decoder'>
  datasetId: number
}

/**
 * Says before anything is trained for nothing, and refuses nothing, that runs are to learn values which their decoders
 * do not reach: once for each dataset and decoder.
 * @throws LabError notFound
 */
export function warnOfUnreachable(library: Library, runs: readonly RunToCome[]): void {
  // A sweep may be of thousands of runs, over a few datasets.
  const datasets = new Set(runs.map(({ datasetId }) => datasetId))
  const values = new Map(
    [...datasets].map((id) => [id, describeDataset(library, id).statistics.after.histogram] as const),
  )
  const sentences = runs.map(({ config, datasetId }) => {
    const found = unreachableValues(config, values.get(datasetId)!)
    if (found === null) return null
    const range = found.range === usualRange ? '' : ` --range ${found.range}`
    return `${found.text} Train with --decoder linear, or first make the dataset anew with: lab derive ${datasetId} --normalize squash${range}`
  })
  for (const sentence of new Set(sentences)) if (sentence !== null) printProblem(sentence)
}
