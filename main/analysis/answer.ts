import type { Library } from '#db/library.ts'
import type { UnitActivations, UnitHistory, UnitMatch, MatchedRuns } from '#shared/domain/unit.ts'
import type { RhoHatMap } from '#shared/domain/rhoHatMap.ts'
import type { PatchVariances, Reconstructions } from '#shared/ipc/contract.ts'
import type { GaborFit } from '#shared/filters/gaborFit.ts'
import type { FilterSpace } from '#shared/filters/pixelFilters.ts'
import { holdsWeights } from '#main/dataset/array/holdsWeights.ts'
import { lookAtFile } from '#main/dataset/array/lookAtFile.ts'
import { previewGenerator } from '#main/dataset/generate/previewGenerator.ts'
import type { GeneratorName, Sampling } from '#shared/domain/dataset.ts'
import type { EngineGradientCheck } from '#shared/domain/gradientCheck.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import type { FileLook } from '#shared/domain/datasetSource.ts'
import type { GeneratorParameters, GeneratorPreview } from '#shared/domain/generators.ts'
import { gradientOnDataset } from './gradientOnDataset.ts'
import { matchRuns } from './matchRuns.ts'
import { rhoHatMap } from './rhoHatMap.ts'
import { patchVariances } from './patchVariances.ts'
import { unitActivations } from './unitActivations.ts'
import { unitGabor } from './unitGabor.ts'
import { unitHistory } from './unitHistory.ts'
import { unitMatches } from './unitMatches.ts'
import { worstPatches } from './worstPatches.ts'

/**
 * What can be asked about weights, gradients, and data that is not imported yet: questions that take longer than main
 * may be away.
 */
export interface Questions {
  activations: (runId: number, unit: number, iteration: number) => UnitActivations
  history: (runId: number, unit: number) => UnitHistory
  matches: (runId: number, unit: number, iteration: number, space: FilterSpace) => UnitMatch[]
  gabor: (runId: number, unit: number, iteration: number, space: FilterSpace) => GaborFit | null
  rhoHatMap: (runId: number) => RhoHatMap
  worstPatches: (runId: number, iteration: number, count: number) => Reconstructions | null
  matchRuns: (runIds: number[]) => MatchedRuns
  patchVariances: (runId: number) => PatchVariances
  gradient: (datasetId: number, config: RunConfig) => Promise<EngineGradientCheck>
  lookAtFile: (path: string) => Promise<FileLook>
  holdsWeights: (path: string) => Promise<boolean>
  generatorPreview: (
    generator: GeneratorName,
    sampling: Sampling,
    parameters: GeneratorParameters,
  ) => Promise<GeneratorPreview>
}
export type Question = keyof Questions

const answers: {
  [Q in Question]: (library: Library, ...args: Parameters<Questions[Q]>) => ReturnType<Questions[Q]>
} = {
  activations: unitActivations,
  history: unitHistory,
  matches: unitMatches,
  gabor: unitGabor,
  rhoHatMap,
  worstPatches,
  matchRuns,
  patchVariances,
  gradient: gradientOnDataset,
  lookAtFile: (_library, path) => lookAtFile(path),
  holdsWeights: (_library, path) => holdsWeights(path),
  generatorPreview: (_library, ...wanted) => previewGenerator(...wanted),
}

/** Answers one question from the library; only reads. @throws LabError as the question's own function */
export function answer<Q extends Question>(
  library: Library,
  question: Q,
  args: Parameters<Questions[Q]>,
): ReturnType<Questions[Q]> {
  return answers[question](library, ...args)
}
