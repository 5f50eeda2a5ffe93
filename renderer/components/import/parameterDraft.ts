import type { GeneratorName } from '#shared/domain/dataset.ts'
import {
  generatorParameters,
  generatorParametersSchema,
  type GeneratorParameters,
} from '#shared/domain/generators.ts'
import { fieldErrors } from '../form/fieldErrors.ts'
import { parseNumber, typedProblems } from '../form/parseNumber.ts'

/** A generator's parameters as they are written; empty is the usual. */
export type ParameterDraft = Readonly<Record<string, string>>

export const emptyParameters = (generator: GeneratorName): ParameterDraft =>
  Object.fromEntries(generatorParameters[generator].map(({ name }) => [name, '']))

const isWhole = (name: string): boolean =>
  Object.values(generatorParameters)
    .flat()
    .some((parameter) => parameter.name === name && parameter.whole)

/** The parameters that a form means, or a sentence for each field that cannot be. */
export function readParameters(draft: ParameterDraft): {
  parameters: GeneratorParameters | null
  problems: Readonly<Record<string, string>>
} {
  const written = Object.entries(draft).filter(([, text]) => text.trim() !== '')
  const parsed = generatorParametersSchema.safeParse(
    Object.fromEntries(written.map(([name, text]) => [name, parseNumber(text, isWhole(name))])),
  )
  return {
    parameters: parsed.success ? parsed.data : null,
    problems: { ...fieldErrors(parsed.error), ...typedProblems(draft, isWhole) },
  }
}
