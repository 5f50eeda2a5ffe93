import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** The Node whose headers the fallback Electron is built from. */
export const FALLBACK_NODE_MAJOR = 20

/**
 * A Node installation whose headers node-gyp can use (`<prefix>/include/node`), as they lie beside
 * every Node of a tarball, an image or a distribution's -dev package. The npm package `node`, which
 * runs our scripts, brings none, so every `node` on the PATH is looked at.
 * @returns the prefix, of Node 20 if there is one, else of a later Node; undefined if there is none.
 */
export function nodeHeaders(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env['npm_config_nodedir']
  const executables = [
    env['npm_node_execpath'],
    ...(env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node')),
    process.execPath,
  ].filter((path) => path !== undefined && existsSync(path))
  const prefixes = [
    ...(named ? [named] : []),
    ...executables.map((path) => dirname(dirname(realpathSync(path as string)))),
  ]
  const found = prefixes
    .map((prefix) => ({ prefix, major: majorOf(prefix) }))
    .filter(({ major }) => major >= FALLBACK_NODE_MAJOR)
    .toSorted((a, b) => a.major - b.major)
  return found[0]?.prefix
}

function majorOf(prefix: string): number {
  const header = join(prefix, 'include', 'node', 'node_version.h')
  if (!existsSync(header)) return 0
  return Number(/#define NODE_MAJOR_VERSION (\d+)/.exec(readFileSync(header, 'utf8'))?.[1] ?? 0)
}
