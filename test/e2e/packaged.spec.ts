import { listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, test } from '@playwright/test'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { openLibrary } from '#db/library.ts'
import { listRuns } from '#db/queries/runs.ts'
import type { RunDetail, RunSummary } from '#shared/domain/run.ts'
import { captureCommand, type FinishedCommand } from '../../scripts/command.ts'
import { noOwnNetwork, runInOwnNetwork, type Attempts } from '../cli/ownNetwork.ts'
import { isTelemetry, makeFreshHome, waitUntilItAsks, type FreshHome } from '../cli/telemetryAsItComes.ts'
import { repository } from './launch.ts'
import { linkedPackages } from './linkedPackages.ts'
import { makeOwnSystem, noOwnSystem } from './ownSystem.ts'
import { deliberateName, quietWindow, type QuietWindowReport } from './quietWindow.ts'
import { listening } from './listening.ts'
import { ownSqlite, packageLab, sqliteIn, type PackagedLab } from './packagedLab.ts'

test.skip(process.platform !== 'linux', 'The packages of other systems are made and started on these.')
// One after the other, since a package takes a while to make.
test.describe.configure({ mode: 'serial' })

let packaged: PackagedLab
let scratch: string
/** What the lab is started in where it is to leave no trace. */
let home: FreshHome
/** After how long ONNX Runtime's telemetry, left on, asks for its host on this machine; 0 where nobody can tell. */
let asksAfterMs: number
const noNetwork = noOwnNetwork()
test.beforeAll(async () => {
  home = makeFreshHome()
  const asking = noNetwork === null ? waitUntilItAsks(home.env) : null
  packaged = await packageLab(process.env['RHO_LAB_ELECTRON'] ?? '')
  asksAfterMs = (await asking)?.afterMs ?? 0
  home.clear()
  scratch = mkdtempSync(join(tmpdir(), 'rho-lab-installed-'))
  chmodSync(scratch, 0o755) // For an ordinary user.
})
test.afterAll(() => {
  packaged?.remove()
  home?.remove()
  if (scratch) rmSync(scratch, { recursive: true })
})

const library = () => join(scratch, 'library')
const bundle = () => join(scratch, 'bars.rholab')

/** Runs a program in a fresh home and, where one can be made, in a network of its own. */
async function runWithoutNetwork(
  command: string,
  args: readonly string[],
): Promise<FinishedCommand & { attempts?: Attempts }> {
  const options = { cwd: repository, env: home.env }
  if (noNetwork !== null) return captureCommand(command, args, options)
  return runInOwnNetwork(command, args, { ...options, goOn: true })
}

/** Starts a program without a display, in a process group of its own, as a shell does. */
function start(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env
  const options = { env: { ...rest, ...env }, detached: true }
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let complaints = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).then((exitCode) => ({
    exitCode,
    output,
    complaints,
  }))
  return { pid: child.pid!, ended }
}
const run = (...what: Parameters<typeof start>) => start(...what).ended
const lab = (...args: string[]) => run(packaged.command, [...args, '--library', library()])

test('a release has its fuses blown, and holds what it needs and no more', async () => {
  const fuses = await getCurrentFuseWire(join(packaged.folder, 'rho-lab-app'))
  const isOn = (fuse: FuseV1Options): boolean => String.fromCharCode(fuses[fuse] as number) === '1'
  expect({
    runAsNode: isOn(FuseV1Options.RunAsNode),
    nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
    onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
    asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    fileProtocol: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    nodeOptions: false,
    inspect: false,
    onlyAsar: true,
    asarIntegrity: true,
    fileProtocol: false,
  })

  const resources = join(packaged.folder, 'resources')
  const names = listPackage(join(resources, 'app.asar'), { isPack: false })
  const native = names.filter((name) => name.endsWith('.node'))
  expect(native.length).toBe(4)
  for (const name of native) expect(name).toMatch(/linux/)
  expect(
    names.filter((name) => /\.(map|ts|vue|md|cpp)$|^\/(main|renderer|test|scripts)\//.test(name)),
  ).toEqual([])
  expect(names.filter((name) => /node_modules\/(vue|chart\.js|webgpu|gl|electron)\//.test(name))).toEqual([])
  expect(existsSync(join(resources, 'default_app.asar'))).toBe(false)
  // A third of it is HDF5's own library.
  expect(statSync(join(resources, 'app.asar')).size).toBeLessThan(13_000_000)
})

test('its command line trains without a display, asks nobody, and says what is wrong with the exit code of a checkout', async () => {
  expect(await lab('generate', 'bars', '--patches', '500', '--json')).toMatchObject({ exitCode: 0 })
  const settings = ['--hidden', '8', '--iterations', '5', '--engine', 'onnx', '--json']
  const training = ['train', '--dataset', 'bars', ...settings, '--library', library()]
  const { stdout, stderr, attempts } = await runWithoutNetwork(packaged.command, training)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({ status: 'finished', iterations: 5 })
  if (attempts) expect(attempts).toEqual({ asked: [], connections: 0, lost: 0 })
  expect(home.filesLeft().filter(isTelemetry)).toEqual([])
  expect(await lab('bundle', '1', '--patches', '--out', bundle())).toMatchObject({ exitCode: 0 })
  expect(await lab('show', '99')).toMatchObject({ exitCode: 2, output: '' })
})

test('Ctrl-C, and a signal to end, stop its training with a checkpoint to go on from', async () => {
  const numbers = { exitCode: 130, complaints: '' }
  const begin = (...args: string[]) => start(packaged.command, [...args, '--json', '--library', library()])
  const settings = ['--hidden', '8', '--optimizer', 'adam', '--iterations', '1000000', '--name', 'long']
  const training = begin('train', '--dataset', 'bars', ...settings)
  await untilIterations(4)
  // A terminal sends it to every process of the command.
  process.kill(-training.pid, 'SIGINT')
  const stopped = await training.ended
  expect(stopped).toMatchObject(numbers)
  const { runId, iterations, status } = JSON.parse(stopped.output) as RunSummary & { runId: number }
  expect(status).toBe('stopped')
  const resumed = begin('resume', String(runId))
  await untilIterations(iterations + 3)
  process.kill(resumed.pid, 'SIGTERM')
  expect(await resumed.ended).toMatchObject(numbers)
  const shown = JSON.parse((await lab('show', 'long', '--json')).output) as RunDetail
  expect(shown).toMatchObject({ status: 'stopped', hasCheckpoint: true })
  expect(shown.iterations).toBe(shown.checkpointIteration)
})

/** The numbers of its runs; none where the library is not there yet. */
function runsIn(folder: string): number[] {
  if (!existsSync(join(folder, 'library.sqlite'))) return []
  const opened = openLibrary(folder)
  try {
    return listRuns(opened).map(({ id }) => id)
  } finally {
    opened.close()
  }
}

/** Waits until the run that trains has done so many. */
async function untilIterations(count: number): Promise<void> {
  const opened = openLibrary(library())
  await expect
    .poll(() => listRuns(opened).some((run) => run.status === 'running' && run.iterations >= count))
    .toBe(true)
  opened.close()
}

test('its executable runs no code that the environment names', async () => {
  const mark = join(scratch, 'mark')
  const code = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`
  const evil = join(scratch, 'evil.cjs')
  writeFileSync(evil, code)
  const args = [
    '--no-sandbox',
    '--ozone-platform=headless',
    '--log-level=3',
    '--lab',
    '--',
    'datasets',
    '--library',
    library(),
  ]
  const [, , { exitCode, complaints }] = await Promise.all([
    run(packaged.executable, ['-e', code, ...args], { ELECTRON_RUN_AS_NODE: '1' }),
    run(packaged.executable, args, { NODE_OPTIONS: `--require=${evil}` }),
    run(packaged.executable, ['--inspect=0', ...args], { RHO_LAB_SQLITE_BINDING: evil }),
  ])
  expect({ exitCode, complaints, ran: existsSync(mark) }).toEqual({ exitCode: 0, complaints: '', ran: false })
})

test('a release opens no door to a debugger, whatever switch or signal asks for one', async () => {
  const library = join(scratch, 'closed')
  const doors = ['--remote-debugging-port=0', '--remote-debugging-pipe', '--inspect=0', '--inspect-brk=0']
  const child = spawn(
    packaged.executable,
    ['--no-sandbox', ...doors, `--user-data-dir=${library}-profile`, `--library=${library}`, bundle()],
    { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  try {
    const [asks, answers] = [child.stdio[3] as Writable, child.stdio[4] as Readable]
    let answer = ''
    answers.setEncoding('utf8').on('data', (text: string) => (answer += text))
    asks.on('error', () => {}).write('{"id":1,"method":"Browser.getVersion"}\0')
    await expect.poll(() => runsIn(library)).toEqual([1])
    expect(listening(child.pid!)).toEqual([])
    process.kill(child.pid!, 'SIGUSR1')
    await Promise.race([ended, setTimeout(1000)])
    expect(listening(child.pid!)).toEqual([])
    child.kill('SIGTERM')
    await ended
    expect(answer).toBe('')
  } finally {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL')
  }
})

test('its window opens a double-clicked bundle, trains, asks nobody, leaves no trace of telemetry, and leaves at a signal', async () => {
  const networkLog = join(scratch, 'network.json')
  const options = {
    executable: await packaged.inspectable(),
    library: join(scratch, 'fresh'),
    bundle: bundle(),
    networkLog,
    trainMs: 1.5 * asksAfterMs,
  }
  const { stdout, stderr, attempts } = await runWithoutNetwork(process.execPath, quietWindow(options))
  expect(stdout, stderr).not.toBe('')
  const report = JSON.parse(stdout) as QuietWindowReport
  expect(report).toMatchObject({ isPackaged: true, errors: [], devTools: false })
  expect(report.runs[0]).toMatchObject({ status: 'finished', iterations: 20, engine: { engine: 'onnx' } })
  for (const run of report.runs.slice(1)) expect(run).toMatchObject({ status: 'stopped' })
  for (const role of ['toggledevtools', 'reload']) expect(report.menuRoles).not.toContain(role)
  expect(home.filesLeft().filter(isTelemetry)).toEqual([])
  // The one name that was asked for on purpose, so that we know that any would be seen.
  if (attempts) expect({ ...attempts, lost: report.lost }).toMatchObject({ asked: [deliberateName], lost: 0 })
  const requests = requestsIn(networkLog)
  expect(requests).not.toEqual([])
  for (const what of requests) expect(what).toContain(deliberateName)
})

test('the .deb depends on every library that its programs link', () => {
  test.skip(packaged.deb === null, 'A .deb is made on Debian.')
  const depends = execFileSync('dpkg-deb', ['--field', packaged.deb!, 'Depends'], { encoding: 'utf8' })
  const named = new Set(depends.split(/[,|]/).map((name) => name.trim()))
  const linked = linkedPackages(packaged.folder)
  expect(linked.size).toBeGreaterThan(10)
  expect([...linked].filter((name) => !named.has(name))).toEqual([])
})

test('apt installs a command and an app that opens a bundle from the desktop, and purges both', async () => {
  test.skip(packaged.deb === null, 'A .deb is made on Debian.')
  const refusal = noOwnSystem()
  test.skip(refusal !== null, refusal ?? '')
  const system = await makeOwnSystem()
  try {
    const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300']
    const installed = await system.runAsRoot(...apt, 'install', '--no-install-recommends', packaged.deb!)
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 })
    const sqlite = ownSqlite()
    if (sqlite) await system.runAsRoot('cp', sqlite, sqliteIn('/opt/Rho Lab'))

    const folder = join(scratch, 'home')
    mkdirSync(folder)
    chownSync(folder, system.uid, -1)
    const env = { HOME: folder, XDG_CONFIG_HOME: '', XDG_CACHE_HOME: '' }
    const [user, ...as] = system.asUser
    const command = (...args: string[]) => run(user, [...as, 'rho-lab', ...args], env)
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await command('--version')).toEqual({ exitCode: 0, output: `${version}\n`, complaints: '' })

    const desktopFile = await system.runAsRoot('cat', '/usr/share/applications/rho-lab.desktop')
    expect(desktopFile.stdout).toMatch(/^MimeType=application\/x-rholab;$/m)
    expect(desktopFile.stdout).toMatch(/^Exec="\/opt\/Rho Lab\/rho-lab-app" %U$/m)
    const address = pathToFileURL(bundle()).href
    const display = { ...env, DISPLAY: process.env['DISPLAY'] ?? '' }
    // Its number, since nobody but root can send a signal to sudo, which starts it where root does not.
    const noted = ['sh', '-c', 'echo $$ > "$HOME/pid"; exec "$@"', 'sh']
    const app = start(user, [...as, ...noted, '/opt/Rho Lab/rho-lab-app', address], display)
    const kill = (signal: NodeJS.Signals) => process.kill(Number(readFileSync(join(folder, 'pid'))), signal)
    const runs = async () => JSON.parse((await command('runs', '--json')).output || '[]') as RunSummary[]
    try {
      await expect.poll(runs, { timeout: 200_000 }).toMatchObject([{ status: 'finished', iterations: 5 }])
      kill('SIGTERM')
      expect(await app.ended).toMatchObject({ exitCode: 0 })
    } catch (error) {
      kill('SIGKILL')
      throw error
    }

    const purged = await system.runAsRoot(...apt, 'purge', 'rho-lab')
    expect(purged, purged.stderr).toMatchObject({ exitCode: 0 })
    expect(await system.changes()).toEqual([])
  } finally {
    await system.close()
  }
})

/** What Chromium's own log of its network tells of requests, names looked up and connections. */
function requestsIn(file: string): string[] {
  const { constants, events } = JSON.parse(readFileSync(file, 'utf8')) as {
    constants: { logEventTypes: Record<string, number> }
    events: { type: number; params?: { url?: string; host?: string; address?: string } }[]
  }
  const names = ['URL_REQUEST_START_JOB', 'HOST_RESOLVER_MANAGER_REQUEST', 'TCP_CONNECT']
  const types = names.map((name) => constants.logEventTypes[name])
  return events
    .filter(({ type, params }) => types.includes(type) && params !== undefined)
    .map(({ params }) => params?.url ?? params?.host ?? params?.address ?? '')
    .filter((what) => what !== '')
}
