import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import openWabt from 'wabt'
import { repository } from './buildIfStale.ts'

const source = path.join(repository, 'main/optimiser/vectorLoops.wat')
const built = path.join(repository, 'main/optimiser/vectorLoopsModule.ts')

/**
 * The WebAssembly module of main/optimiser/vectorLoops.wat.
 * @throws Error that names the line where the text is wrong
 */
export async function buildVectorLoops(): Promise<Uint8Array> {
  const wabt = await openWabt()
  const module = wabt.parseWat('vectorLoops.wat', await readFile(source, 'utf8'), { simd: true })
  try {
    module.validate()
    return module.toBinary({}).buffer
  } finally {
    module.destroy()
  }
}

/** `npm run build:loops`: writes the module as text, so that every host loads it with the rest of the code. */
if (import.meta.main) {
  const text = Buffer.from(await buildVectorLoops()).toString('base64')
  const lines = text.match(/.{1,100}/g)!.map((line) => `  '${line}',\n`)
  await writeFile(
    built,
    `/** vectorLoops.wat as a module, in base64: written by \`npm run build:loops\`. */\n` +
      `export const vectorLoopsModule = [\n${lines.join('')}].join('')\n`,
  )
}
