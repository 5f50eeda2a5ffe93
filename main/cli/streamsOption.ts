import { Option } from 'commander'
import { streamKinds } from '#shared/random/stream.ts'

/** For every command that takes a seed to make something by. */
export const streamsOption = (): Option =>
  new Option(
    '--streams <kind>',
    'separate: each use of the seed draws numbers of its own; shared: as before there was a choice (default: separate)',
  ).choices(streamKinds)
