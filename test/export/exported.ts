import { iterationColumns } from '#db/queries/iterations.ts'
import type { ExportedWeights } from '#main/export/weights/exportedWeights.ts'
import { formatWeightsNpz } from '#main/export/npz.ts'
import { formatWeightsCsv } from '#main/export/weights/formatCsv.ts'
import { formatJson } from '#main/export/weights/formatJson.ts'
import { formatMat } from '#main/export/weights/formatMat.ts'
import { formatOnnx } from '#main/export/weights/formatOnnx.ts'
import { formatSafetensors } from '#main/export/weights/formatSafetensors.ts'
import type { IterationColumns } from '#shared/domain/run.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { ramp, weightsOf } from './rampWeights.ts'

/** Weights with ρ̂ and settings, as a run has them. */
export const exportedOf = (h: number, n: number, config: Partial<RunConfig> = {}): ExportedWeights => ({
  weights: weightsOf(h, n),
  rhoHat: ramp(h, 0.125),
  config: { ...defaultConfig, hidden: h, ...config },
})

/** The columns of a run that has not begun. */
export const noMetrics: IterationColumns = {
  count: 0,
  ...(Object.fromEntries(Object.keys(iterationColumns).map((column) => [column, new Float64Array()])) as Omit<
    IterationColumns,
    'count'
  >),
}

/** Weights as JSON whose encoder has a bias too few, which no writer of ours writes. */
export function withoutABias(h: number, n: number): string {
  const file = JSON.parse(Buffer.from(writers['json'](exportedOf(h, n))).toString())
  file.weights.b1.pop()
  return JSON.stringify(file)
}

/** Every format that weights can be read from again. */
export const writers: Record<string, (exported: ExportedWeights) => Uint8Array> = {
  npz: formatWeightsNpz,
  safetensors: formatSafetensors,
  mat: formatMat,
  onnx: formatOnnx,
  csv: (exported) => Uint8Array.from(Buffer.concat([...formatWeightsCsv(exported)])),
  json: (exported) => Uint8Array.from(Buffer.concat([...formatJson(exported, {}, noMetrics)])),
}
