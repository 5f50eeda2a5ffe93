import { z } from 'zod'
import { getSweep, listSweeps, removeSweep } from '#db/queries/sweeps.ts'
import { nextSweepStep } from '#main/sweep/nextSweepStep.ts'
import { sweepSchema } from '#shared/domain/sweep.ts'
import type { Handle } from './handle.ts'
import { id, name } from './schemas.ts'
import type { Services } from './services.ts'

const startSweepSchema = z.strictObject({ datasetId: id, name, sweep: sweepSchema })

export function handleSweeps(handle: Handle, services: Services): void {
  const { library, sweeps, changed, appVersion, machine } = services
  handle('sweeps.list', z.tuple([]), () => listSweeps(library))
  handle(
    'sweeps.comparisons',
    z.tuple([id]),
    (sweepId) => nextSweepStep(library, getSweep(library, sweepId), false).comparisons,
  )
  handle('sweeps.start', z.tuple([startSweepSchema]), (request) => {
    const sweepId = sweeps.start({ ...request, appVersion, machine })
    // Datasets show how many runs they have.
    changed({ runs: true, datasets: true })
    return getSweep(library, sweepId)
  })
  handle('sweeps.stop', z.tuple([id]), (sweepId) => {
    sweeps.stop(sweepId)
    changed({ runs: true, datasets: false })
    return getSweep(library, sweepId)
  })
  handle('sweeps.resume', z.tuple([id]), (sweepId) => {
    sweeps.resume(sweepId)
    changed({ runs: true, datasets: false })
    return getSweep(library, sweepId)
  })
  handle('sweeps.remove', z.tuple([id]), (sweepId) => {
    removeSweep(library, sweepId)
    changed({ runs: true, datasets: false })
    return null
  })
}
