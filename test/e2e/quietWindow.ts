import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { lostPackets } from '../cli/packetCounts.ts'
import { callLab, endOf } from './calls.ts'
import { answerDialogs } from './dialogs.ts'
import { launchLab, repository, screenshot } from './launch.ts'

export interface QuietWindowOptions {
  readonly executable: string
  readonly library: string
  /** Opened as by a double click. */
  readonly bundle: string
  /** Where Chromium is to log its network. */
  readonly networkLog: string
  /** How long to train, ms. */
  readonly trainMs: number
}

export interface QuietWindowReport {
  readonly isPackaged: boolean
  readonly errors: readonly string[]
  readonly devTools: boolean
  readonly menuRoles: readonly string[]
  readonly runs: readonly unknown[]
  /** Packets that had nowhere to go, before the one name was asked for. */
  readonly lost: number
}

export const deliberateName = 'deliberate.invalid'

/** Opens a bundle, imports photographs and trains in a packaged window, and asks for one name so that we know it is seen. */
async function drive({ executable, library, bundle, networkLog, trainMs }: QuietWindowOptions) {
  const opened = await launchLab({ executable, library, args: [bundle, `--log-net-log=${networkLog}`] })
  const { page, app, errors } = opened
  await page.getByRole('heading', { name: /bars/ }).first().waitFor()
  await answerDialogs(opened, join(repository, 'test', 'fixtures', 'photos'))
  const source = await callLab(page, 'sources.choose', 'folder')
  const sampling = { ...defaultSampling, patches: 2000 }
  const dataset = await callLab(page, 'datasets.import', source!.token, 'photographs', sampling)
  const train = async (name: string, iterations: number, optimiser: 'lbfgs' | 'adam') => {
    const config = { ...defaultConfig, hidden: 9, iterations, optimiser }
    const wanted = { datasetId: dataset.id, config, name, preset: null, tags: [] }
    return (await callLab(page, 'runs.start', wanted)).id
  }
  const runs = [await endOf(page, await train('installed', 20, 'lbfgs'))]
  if (trainMs > 0) {
    const id = await train('long', 1_000_000, 'adam')
    await page.waitForTimeout(trainMs)
    await callLab(page, 'runs.stop', id)
    runs.push(await endOf(page, id))
  }
  await screenshot(page, 'packaged-light')
  for (const keys of ['Control+Shift+I', 'F12']) await page.keyboard.press(keys)
  const inMain = await app.evaluate(async ({ app, BrowserWindow, Menu }) => {
    const [{ webContents }] = BrowserWindow.getAllWindows()
    webContents.openDevTools()
    // Another window's do open, later: so the lab's would have by then.
    const other = new BrowserWindow({ show: false })
    const theirs = new Promise<void>((resolve) => other.webContents.once('devtools-opened', () => resolve()))
    await other.loadURL('data:text/html,other')
    other.webContents.openDevTools({ mode: 'detach' })
    await theirs
    const devTools = webContents.isDevToolsOpened()
    other.destroy()
    const menuRoles = Menu.getApplicationMenu()!.items.flatMap(({ submenu }) =>
      (submenu?.items ?? []).flatMap(({ role }) => (role ? [role.toLowerCase()] : [])),
    )
    return { isPackaged: app.isPackaged, devTools, menuRoles }
  })
  const lost = process.platform === 'linux' ? lostPackets() : 0
  // Its first look-up makes Chromium try for a way to IPv6 too, by a socket that sends nothing.
  await app.evaluate(({ net }, name) => net.resolveHost(name).catch(() => undefined), deliberateName)
  const closed = app.waitForEvent('close')
  app.process().kill('SIGTERM')
  await closed
  await opened.close()
  const report: QuietWindowReport = { ...inMain, errors, runs, lost }
  return report
}

/** Arguments of Node for a process that does so: it may be given a network, and a home, of its own. */
export const quietWindow = (options: QuietWindowOptions): string[] => [
  join(repository, 'test', 'e2e', 'quietWindow.ts'),
  JSON.stringify(options),
]

if (import.meta.main) {
  const report = await drive(JSON.parse(process.argv[2]) as QuietWindowOptions)
  process.stdout.write(JSON.stringify(report))
}
