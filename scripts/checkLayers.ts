import { cruise, type IForbiddenRuleType, type ICruiseResult } from 'dependency-cruiser'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { layerRules } from './layerRules.ts'

const folders = ['main', 'renderer', 'shared', 'db', 'scripts', 'test']

/** A broken rule, as one line. */
export interface Violation {
  rule: string
  from: string
  to: string
}

/** @returns what breaks the rules of docs/architecture.md below `root`, and how many source files were read */
export async function checkLayers(root: string): Promise<{ violations: Violation[]; files: number }> {
  const rules: IForbiddenRuleType[] = layerRules
  const result = await cruise(
    folders,
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: rules },
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '^(out|dist)/|test/output/' },
      tsPreCompilationDeps: true,
      enhancedResolveOptions: { extensions: ['.ts', '.vue', '.js', '.json'] },
    },
    { extensions: ['.ts', '.vue', '.js', '.json'], conditionNames: ['import'] },
  )
  const { summary, modules } = result.output as ICruiseResult
  return {
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    files: modules.filter(({ source }) => isSource(source)).length,
  }
}

const isSource = (file: string) => /\.(ts|vue)$/.test(file) && !file.startsWith('node_modules')

/** Source files on disk: a check that has read fewer has passed for want of looking. */
export function countSources(root: string): number {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
      (file) => isSource(file) && !file.startsWith('output'),
    ),
  ).length
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const { violations, files } = await checkLayers(root)
  const expected = countSources(root)
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} → ${to}`)
  if (files < expected) console.error(`Only ${files} of ${expected} source files were read.`)
  console.log(`Layers: ${files} files, ${violations.length} violations.`)
  process.exitCode = violations.length > 0 || files < expected ? 1 : 0
}
