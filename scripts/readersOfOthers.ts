import { spawnSync } from 'node:child_process'
import { isOnPath } from './command.ts'
import { requireDebianPackages } from './debianPackages.ts'

/** Pythons that may be here; Debian's own has what apt installs. */
export const pythons = ['python3', '/usr/bin/python3'] as const

/** Programs of others, by their Debian packages, that the tests have read what the lab writes. */
const READERS: Readonly<Record<string, () => boolean>> = {
  'python3-numpy': () => canImport('numpy'),
  'python3-scipy': () => canImport('numpy', 'scipy.io'),
  'python3-pil': () => canImport('PIL'),
  octave: () => isOnPath('octave-cli'),
}

/** Tells the tests that whatever Debian has of these is here, so that a missing one fails them. */
export const READERS_REQUIRED = 'RHO_LAB_READERS_REQUIRED'

/** The first Python that can import all of these; null where none can. */
export const pythonThatImports = (...modules: readonly string[]): string | null =>
  pythons.find(
    (python) => spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0,
  ) ?? null

const canImport = (...modules: readonly string[]): boolean => pythonThatImports(...modules) !== null

/**
 * On a Debian machine that only runs tests, installs the readers that are missing; elsewhere the tests do with those that
 * are there.
 * @returns what the tests are to find in their environment
 * @throws Error that names the packages, where they may not be installed
 */
export async function requireReaders(env: NodeJS.ProcessEnv = process.env): Promise<Record<string, string>> {
  if (!env['CI'] || process.platform !== 'linux' || !isOnPath('apt-get')) return {}
  await requireDebianPackages(Object.keys(READERS), true, (name) => READERS[name]?.() ?? false)
  return { [READERS_REQUIRED]: '1' }
}
