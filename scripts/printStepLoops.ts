import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { format } from 'prettier'
import type { Expression } from '#shared/model/expression.ts'
import { expressionText, type Dialect } from '#shared/model/expressionText.ts'
import { adam, sgd } from '#shared/model/optimiserSteps.ts'
import { repository } from './buildIfStale.ts'

const javaScript: Dialect = { functions: { sqrt: 'Math.sqrt' } }

/** State that a step changes, each by its expression of what was before; theta by that of the new others. */
const loop = (
  name: string,
  state: Readonly<Record<string, Expression>>,
  numbers: readonly string[],
): string => {
  const vectors = Object.keys(state)
  const before = Object.fromEntries([...vectors, 'gradient'].map((vector) => [vector, `${vector}[i]`]))
  const given = Object.fromEntries(numbers.map((number) => [number, number]))
  const next = Object.fromEntries(
    vectors.filter((each) => each !== 'theta').map((each) => [each, `${each}Next`]),
  )
  const lines = vectors.map((vector) => {
    const names = { ...before, ...given, ...(vector === 'theta' && next) }
    const text = expressionText(state[vector], names, javaScript)
    return vector === 'theta'
      ? `theta[i] = ${text}`
      : `const ${vector}Next = ${text}\n${vector}[i] = ${vector}Next`
  })
  return `export function ${name}(
    { ${[...vectors, 'gradient'].join(', ')} }: Readonly<Record<${[...vectors, 'gradient'].map((each) => `'${each}'`).join(' | ')}, Float64Array>>,
    ${numbers.map((number) => `${number}: number`).join(', ')},
  ): void {
    for (let i = 0; i < theta.length; i++) {
      ${lines.join('\n')}
    }
  }`
}

/** main/optimiser/stepLoops.ts: a step in numbers is one pass over all parameters, at the speed of a loop written by hand. */
export const formatStepLoops = (): Promise<string> =>
  format(
    `// The steps of shared/model/optimiserSteps.ts as loops in float64: written by node scripts/printStepLoops.ts.

/** Changes theta and both moments; \`correction1\` and \`correction2\` are those of this step. */
${loop('adamLoop', adam, ['rate', 'epsilon', 'correction1', 'correction2'])}

/** Changes theta and the velocity. */
${loop('sgdLoop', sgd, ['rate', 'momentum'])}
`,
    { parser: 'typescript', semi: false, singleQuote: true, printWidth: 110 },
  )

if (import.meta.main) {
  await writeFile(path.join(repository, 'main/optimiser/stepLoops.ts'), await formatStepLoops())
}
