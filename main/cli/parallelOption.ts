import { InvalidArgumentError, Option } from 'commander'
import type { ParallelChoice } from '#shared/domain/queueState.ts'
import { toCount } from './text.ts'

/** How many runs are carried out at a time. */
export const parallelOption = () =>
  new Option(
    '--parallel <runs>',
    'runs at a time; auto: one where it fills the machine, else one a core but one',
  )
    .argParser((text): ParallelChoice => {
      if (text === 'auto') return text
      const count = toCount(text)
      if (!Number.isInteger(count) || count < 1 || count > 64)
        throw new InvalidArgumentError('It must be auto or a whole number from 1 to 64.')
      return count
    })
    .default('auto' satisfies ParallelChoice)
