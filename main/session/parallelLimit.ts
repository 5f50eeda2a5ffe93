import { availableParallelism } from 'node:os'
import { proposedParallel, type Parallel, type ParallelChoice } from '#shared/domain/queueState.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'

interface ParallelLimitOptions {
  choice: ParallelChoice
  cores?: number
  /** At least one: of the runs under way and of the next one, or of new ones. */
  engines(): readonly EngineChoice[]
}

/** How many runs are trained at a time, worked out anew whenever it is asked. */
export function createParallelLimit(options: ParallelLimitOptions) {
  const { cores = availableParallelism(), engines } = options
  let { choice } = options
  return {
    current(): Parallel {
      const proposal = proposedParallel(cores, engines())
      return { choice, count: choice === 'auto' ? proposal.count : choice, proposal }
    },
    choose: (chosen: ParallelChoice) => void (choice = chosen),
  }
}
