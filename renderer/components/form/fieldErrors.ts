import type { ZodError } from 'zod'

/** The first message of each field, by its path ("rho", "normalisation.epsilon"). */
export function fieldErrors(error: ZodError | undefined): Readonly<Record<string, string>> {
  const messages: Record<string, string> = {}
  for (const issue of error?.issues ?? []) messages[issue.path.join('.')] ??= issue.message
  return messages
}
