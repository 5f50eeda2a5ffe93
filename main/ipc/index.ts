import { handleAnalysis } from './analysis.ts'
import { handleAppCalls } from './appCalls.ts'
import { handleDatasets } from './datasets.ts'
import { handleDemo } from './demo.ts'
import { handleEngines } from './engines.ts'
import { handleExports } from './exports.ts'
import type { Handle } from './handle.ts'
import { handleLibrary } from './library.ts'
import { handleLive } from './live.ts'
import { handleQueue } from './queue.ts'
import { handleRuns } from './runs.ts'
import type { Services } from './services.ts'
import { handleSettings } from './settings.ts'
import { handleSources } from './sources.ts'
import { handleSweeps } from './sweeps.ts'
import { handleViews } from './views.ts'
import { handleWeights } from './weights.ts'

/** Answers every channel of the contract. */
export function handleCalls(handle: Handle, services: Services): void {
  handleLibrary(handle, services)
  handleEngines(handle, services)
  handleSettings(handle, services)
  handleAppCalls(handle, services)
  handleSources(handle, services)
  handleDatasets(handle, services)
  handleRuns(handle, services)
  handleQueue(handle, services)
  handleSweeps(handle, services)
  handleViews(handle, services)
  handleAnalysis(handle, services)
  handleExports(handle, services)
  handleWeights(handle, services)
  handleDemo(handle, services)
  handleLive(handle, services)
}
