import { LabError } from '#shared/domain/labError.ts'
import type { Engine } from './engine.ts'

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Runs `create`; what a library throws becomes a LabError that names it. @throws LabError engineUnavailable */
export async function orUnavailable(library: string, create: () => Promise<Engine>): Promise<Engine> {
  try {
    return await create()
  } catch (error) {
    if (error instanceof LabError) throw error
    throw new LabError(
      'engineUnavailable',
      `${library} could not prepare this network (${messageOf(error)}); choose another engine.`,
      { cause: error },
    )
  }
}
