import type { z } from 'zod'
import { LabError } from '#shared/domain/labError.ts'

/** Parses with a schema; the first thing wrong becomes the one sentence that the user reads. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new LabError('badInput', result.error.issues[0].message)
}
