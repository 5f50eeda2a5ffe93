import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'
import type { Licence } from '../../shared/domain/licence.ts'

/** In the app as they are, beside the bundles; see "files" in package.json. */
const unbundled = [
  '@napi-rs/image',
  'acorn',
  'better-sqlite3',
  'gpu-mock.js',
  'gpu.js',
  'onnxruntime-common',
  'onnxruntime-node',
]

/** The licence of a package in a folder; null where there is no package. */
export function licenceIn(folder: string): Licence | null {
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) return null
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    name?: string
    version?: string
    license?: string | { type: string }
  }
  if (name === undefined || version === undefined) return null
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  return {
    name,
    version,
    licence: (typeof license === 'object' ? license.type : license) ?? 'see its text',
    text: file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim(),
  }
}

/** The folder of the package that a bundled module comes from; null for one of our own. */
export function packageFolder(moduleId: string): string | null {
  const path = moduleId.replace(/^\0/, '').replaceAll('\\', '/')
  const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)
  return found ? found[1] : null
}

/** Writes down whose work goes into the bundles, of all the builds it takes part in: `out/licences.json`. */
export function collectLicences(root: string): Plugin {
  const folders = new Set(unbundled.map((name) => join(root, 'node_modules', name)))
  const file = join(root, 'out', 'licences.json')
  return {
    name: 'rho-lab-licences',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        for (const id of Object.keys(chunk.modules)) {
          const folder = packageFolder(id)
          if (folder !== null) folders.add(folder)
        }
      }
      const found = [...folders].flatMap((folder) => licenceIn(folder) ?? [])
      const byName = new Map(found.map((licence) => [`${licence.name} ${licence.version}`, licence]))
      const sorted = [...byName.values()].toSorted((a, b) => a.name.localeCompare(b.name))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(sorted))
    },
  }
}
