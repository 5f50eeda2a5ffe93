import { join } from 'node:path'
import { buildIfStale, repository } from './buildIfStale.ts'
import manifest from '../package.json' with { type: 'json' }
import { packageApp } from './packaging/packageApp.ts'
import { makeTarball } from './packaging/tarball.ts'

/**
 * `npm run package`: the installers of this system, in dist/. `-- --folder` makes only the folder that they hold (and,
 * on Linux, its .tar.gz): that downloads nothing but Electron.
 */
async function run(folderOnly: boolean): Promise<number> {
  const exitCode = await buildIfStale()
  if (exitCode !== 0) return exitCode
  const made = await packageApp({ folderOnly })
  if (process.platform === 'linux') {
    const arch = process.arch
    const folder = join(repository, 'dist', arch === 'x64' ? 'linux-unpacked' : `linux-${arch}-unpacked`)
    const file = join(repository, 'dist', `rho-lab-${manifest.version}-linux-${arch}.tar.gz`)
    await makeTarball(folder, file, `rho-lab-${manifest.version}`)
    made.push(file)
  }
  for (const file of made) process.stdout.write(`${file}\n`)
  return 0
}

process.exitCode = await run(process.argv.includes('--folder'))
