import { InvalidArgumentError, Option } from 'commander'
import { toNumber } from './text.ts'

/** How many runs are carried out at a time. */
export const parallelOption = () =>
  new Option('--parallel <runs>', 'runs at a time; one uses all cores by itself')
    .argParser((text) => {
      const count = toNumber(text)
      if (!Number.isInteger(count) || count < 1 || count > 64)
        throw new InvalidArgumentError('It must be a whole number from 1 to 64.')
      return count
    })
    .default(1)
