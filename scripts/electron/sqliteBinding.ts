import { existsSync, readFileSync } from 'node:fs'
import { copyFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { captureCommand } from '../command.ts'
import { requireDebianPackages } from '../debianPackages.ts'
import { cachedFolder } from './cacheFolder.ts'
import { FALLBACK_VERSION } from './fallbackElectron.ts'
import { nodeHeaders } from './nodeHeaders.ts'

const require = createRequire(import.meta.url)
const BINDING = 'better_sqlite3.node'

/**
 * better-sqlite3's prebuilt binding wants Node-API 10, and the fallback Electron has 9. Declared
 * experimental, the same source finds the few functions it needs there under their early names.
 */
const CXXFLAGS = [
  '-UNAPI_VERSION',
  '-DNAPI_VERSION=2147483647',
  '-DNAPI_EXPERIMENTAL',
  '-DNODE_API_EXPERIMENTAL_NO_WARNING',
  '-DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT',
].join(' ')

/**
 * The better-sqlite3 binding for the fallback Electron, built from the package's own source in a
 * copy (node_modules stays as npm left it), once a version, about a minute.
 * @param installMissing whether a missing compiler may be installed (as root, with apt-get).
 * @returns the path of the .node file, for `new Database(path, { nativeBinding })`.
 */
export async function sqliteBinding(installMissing: boolean): Promise<string> {
  const source = dirname(require.resolve('better-sqlite3/package.json'))
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as {
    version: string
  }
  const name = `better-sqlite3-${version}-electron-${FALLBACK_VERSION}`
  const folder = await cachedFolder(name, async (content) => {
    await requireDebianPackages(['python3', 'make', 'g++'], installMissing)
    process.stderr.write(
      `Building better-sqlite3 ${version} for Electron ${FALLBACK_VERSION} (about a minute, once)…\n`,
    )
    // Beside the cache would do, but make takes no path with a space, and a home may have one.
    const scratch = await mkdtemp(join(tmpdir(), 'rho-lab-sqlite-'))
    try {
      const copy = join(scratch, 'better-sqlite3')
      await cp(source, copy, {
        recursive: true,
        filter: (path) => path !== join(source, 'prebuilds'),
      })
      const fromSource = createRequire(join(source, 'package.json'))
      const nodeAddonApi = dirname(fromSource.resolve('node-addon-api/package.json'))
      await cp(nodeAddonApi, join(copy, 'node_modules', 'node-addon-api'), { recursive: true })
      await build(copy)
      await copyFile(join(copy, 'build', 'Release', BINDING), join(content, BINDING))
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  })
  return join(folder, BINDING)
}

async function build(folder: string): Promise<void> {
  const headers = nodeHeaders()
  const { exitCode, stdout, stderr } = await captureCommand(
    process.execPath,
    [
      nodeGyp(),
      'rebuild',
      '--release',
      '--force_build=1',
      '--jobs=max',
      // Without headers on this machine node-gyp downloads those of the Node in the fallback.
      headers === undefined ? '--target=20.18.1' : `--nodedir=${headers}`,
    ],
    { cwd: folder, env: { ...process.env, CXXFLAGS } },
  )
  if (exitCode !== 0) {
    const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n')
    throw new Error(`better-sqlite3 could not be built for the fallback Electron:\n${tail}`)
  }
}

/** npm's own node-gyp if npm runs us, else the one that a development dependency brings. */
function nodeGyp(): string {
  const fromNpm = process.env['npm_config_node_gyp']
  return fromNpm && existsSync(fromNpm) ? fromNpm : require.resolve('node-gyp/bin/node-gyp.js')
}
