import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'
import type { Licence } from '../../shared/domain/licence.ts'

/** In the app as they are, beside the bundles; see "files" in package.json. */
const unbundled = [
  '@julusian/jpeg-turbo',
  '@napi-rs/image',
  'acorn',
  'better-sqlite3',
  'gpu-mock.js',
  'gpu.js',
  'onnxruntime-common',
  'onnxruntime-node',
  'pkg-prebuilds',
]

/** Inside one of these, under a licence of its own. */
const inside: Licence[] = [
  {
    name: 'libjpeg-turbo',
    version: '3.1.2',
    licence: 'IJG, BSD-3-Clause and Zlib',
    text:
      'This software is based in part on the work of the Independent JPEG Group.\n\n' +
      'Copyright (C)2009-2025 D. R. Commander. All Rights Reserved.\nCopyright (C)2015 Viktor Szathmáry. All Rights Reserved.\n\n' +
      'Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following conditions are met:\n' +
      '- Redistributions of source code must retain the above copyright notice, this list of conditions and the following disclaimer.\n' +
      '- Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following disclaimer in the documentation and/or other materials provided with the distribution.\n' +
      '- Neither the name of the libjpeg-turbo Project nor the names of its contributors may be used to endorse or promote products derived from this software without specific prior written permission.\n\n' +
      'THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS", AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDERS OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.',
  },
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
      const byName = new Map(
        [...found, ...inside].map((licence) => [`${licence.name} ${licence.version}`, licence]),
      )
      const sorted = [...byName.values()].toSorted((a, b) => a.name.localeCompare(b.name))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(sorted))
    },
  }
}
