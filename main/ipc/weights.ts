import { z } from 'zod'
import { getRun } from '#db/queries/runs.ts'
import { activations, decoders } from '#shared/domain/runConfig.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Handle } from './handle.ts'
import { id, name, token } from './schemas.ts'
import type { Services } from './services.ts'

const importSchema = z.strictObject({
  token,
  datasetId: id,
  name,
  activation: z.enum(activations),
  decoder: z.enum(decoders),
})

/** Files of weights: looked at before they are used, and taken in as runs. */
export function handleWeights(handle: Handle, services: Services): void {
  const { library, sources, analysis, transfers, changed, appVersion, machine } = services
  handle('weights.look', z.tuple([token]), async (token) => {
    const { kind, path } = sources.get(token)
    if (kind !== 'weights' && !(kind === 'array' && (await analysis.ask('holdsWeights', path)))) return null
    return transfers.run('lookAtWeights', path)
  })
  handle('weights.import', z.tuple([importSchema]), async ({ token, datasetId, name, ...settings }) => {
    const { path } = fileOf(services, token)
    const dataset = String(datasetId)
    const runId = await transfers.run('importWeights', {
      path,
      dataset,
      name,
      tags: [],
      settings,
      appVersion,
      machine,
    })
    changed({ runs: true, datasets: true })
    return getRun(library, runId)
  })
}

/** @throws LabError notFound; badInput for a folder or a bundle */
export function fileOf({ sources }: Pick<Services, 'sources'>, token: string): { path: string } {
  const { kind, path } = sources.get(token)
  if (kind === 'weights' || kind === 'array') return { path }
  throw new LabError(
    'badInput',
    `${path} is no file of weights. Choose .npz, .safetensors, .mat, .onnx, .json or .csv.`,
  )
}
