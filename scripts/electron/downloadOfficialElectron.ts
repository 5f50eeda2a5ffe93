import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const STALLED_AFTER_MS = 20_000
const POLL_MS = 500

/**
 * Runs the `electron` package's own installer. A slow line may take its time; a download that does
 * not move for 20 seconds is given up.
 * @throws Error with the reason in a few words.
 */
export async function downloadOfficialElectron(packageFolder: string, version: string): Promise<void> {
  process.stderr.write(`Downloading Electron ${version} (about 110 MB, once)…\n`)
  // The installer downloads into the system's temporary folder; in one of its own, its progress shows.
  const folder = await mkdtemp(join(tmpdir(), 'rho-lab-electron-'))
  const child = spawn(process.execPath, [join(packageFolder, 'install.js')], {
    env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const state = { stalled: false, sizeBytes: 0, movedAt: Date.now() }
  const watch = setInterval(() => {
    void sizeBytesOf(folder, join(packageFolder, 'dist')).then((sizeBytes) => {
      if (sizeBytes !== state.sizeBytes) Object.assign(state, { sizeBytes, movedAt: Date.now() })
      state.stalled = Date.now() - state.movedAt > STALLED_AFTER_MS
      if (state.stalled) child.kill('SIGKILL')
    })
  }, POLL_MS)
  try {
    const code = await exit
    if (state.stalled) throw new Error(`no answer for ${STALLED_AFTER_MS / 1000} s`)
    if (code !== 0) throw new Error(reasonOf(complaint))
  } finally {
    clearInterval(watch)
    await rm(folder, { recursive: true, force: true })
  }
}

/** The message out of the installer's stack trace. */
export function reasonOf(complaint: string): string {
  return /^\w*Error: (.+)$/m.exec(complaint)?.[1] ?? 'its installer failed'
}

async function sizeBytesOf(...folders: readonly string[]): Promise<number> {
  let sizeBytes = 0
  for (const folder of folders.filter((path) => existsSync(path))) {
    for (const entry of await readdir(folder, { recursive: true }).catch(() => []))
      sizeBytes += (await stat(join(folder, entry)).catch(() => ({ size: 0 }))).size
  }
  return sizeBytes
}
