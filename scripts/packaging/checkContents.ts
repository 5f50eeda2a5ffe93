import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

type Contents = string | { from: string; filter?: string[] }

interface Manifest {
  build: {
    files: Contents[]
    deb: { fpm: string[] }
  } & Record<'linux' | 'mac' | 'win', { extraResources: { from: string }[] }>
}

const builderNames: Partial<Record<NodeJS.Platform, 'linux' | 'mac' | 'win'>> = {
  linux: 'linux',
  darwin: 'mac',
  win32: 'win',
}

/** What a system goes without; docs/packaging.md says what it does in place of it. */
const goesWithout = new Set(['onnxruntime-node/bin/*/darwin/x64/**'])

/**
 * Makes sure that every pattern and file that package.json names under "build" is of something: electron-builder packs
 * what it finds, and an app without one of its libraries looks like any other.
 * @throws Error that names the first of which there is nothing
 */
export function checkContents(root: string, platform: NodeJS.Platform, arch: string): void {
  const { build } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest
  const refuse = (what: string, where: string) => {
    throw new Error(
      `Nothing matches ${what} in ${where}, which the package for ${platform} ${arch} is to hold: install or build it, or take it out of "build" in package.json.`,
    )
  }
  for (const contents of build.files) {
    const { from, filter = [] } = typeof contents === 'string' ? { from: '.', filter: [contents] } : contents
    const folder = join(root, from)
    for (const pattern of filter.filter((text) => !text.startsWith('!'))) {
      const own = pattern.replaceAll('${platform}', platform).replaceAll('${arch}', arch)
      const isThere = globSync(own, { cwd: folder }).some((name) => statSync(join(folder, name)).isFile())
      if (!isThere && !goesWithout.has(own)) refuse(own, folder)
    }
  }
  const name = builderNames[platform]
  const resources = name === undefined ? [] : build[name].extraResources.map(({ from }) => from)
  const ofDeb = name === 'linux' ? build.deb.fpm.map((pair) => pair.split('=')[0]) : []
  for (const file of [...resources, ...ofDeb]) if (!existsSync(join(root, file))) refuse(file, root)
}
