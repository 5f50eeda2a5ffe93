import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './launch.ts'

/** What a start had asked until it ended, and what it would have started next. */
export interface AnsweredStart {
  questions: { message: string; detail: string; buttons: string[] }[]
  /** The library that the next start opens; null where there is to be none. */
  remembered: string | null
  isRelaunched: boolean
}

/**
 * Starts the app on a library that it cannot open or read, in a real Electron, with its dialogs answered: they come before
 * anybody could answer them from outside. Returns once the app has ended.
 * @param button  pressed in the first question; all others get their first one
 * @param path  chosen wherever a file or folder is asked for
 * @param known  the libraries that the profile remembers
 */
export async function startAnswered(
  library: string,
  button: string,
  path: string,
  known?: object,
): Promise<AnsweredStart> {
  const electron = process.env['RHO_LAB_ELECTRON']
  if (electron === undefined)
    throw new Error('No Electron to test with: start these tests by `npm run test:e2e`.')
  const scratch = mkdtempSync(join(tmpdir(), 'rho-lab-test-'))
  const [app, profile, said] = ['app', 'profile', 'said.json'].map((name) => join(scratch, name))
  mkdirSync(app)
  if (known) {
    mkdirSync(profile)
    writeFileSync(join(profile, 'libraries.json'), JSON.stringify(known))
  }
  const description = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    main: string
    version: string
  }
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ ...description, main: 'main.mjs', type: 'module' }),
  )
  const constants = { said, button, path, repository, entry: join(repository, description.main) }
  writeFileSync(join(app, 'main.mjs'), `const given = ${JSON.stringify(constants)}\n${answering}`)
  try {
    const child = spawn(
      electron,
      [app, '--no-sandbox', `--user-data-dir=${profile}`, `--library=${library}`],
      {
        stdio: 'ignore',
        timeout: 30_000,
      },
    )
    await once(child, 'exit')
    const { questions, isRelaunched } = JSON.parse(readFileSync(said, 'utf8')) as AnsweredStart
    return { questions, isRelaunched, remembered: rememberedIn(profile) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function rememberedIn(profile: string): string | null {
  try {
    return (JSON.parse(readFileSync(join(profile, 'libraries.json'), 'utf8')) as { current: string }).current
  } catch {
    return null
  }
}

/** The app's own main, behind answers of ours. */
const answering = `
import { app, dialog } from 'electron'
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
const heard = { questions: [], isRelaunched: false }
const keep = () => writeFileSync(given.said, JSON.stringify(heard))
keep()
dialog.showMessageBox = async (...args) => {
  const { message, detail, buttons } = args.at(-1)
  heard.questions.push({ message, detail, buttons })
  keep()
  return { response: Math.max(0, buttons.indexOf(given.button)), checkboxChecked: false }
}
dialog.showSaveDialog = async () => ({ canceled: false, filePath: given.path })
dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [given.path] })
dialog.showErrorBox = (message, detail) => {
  heard.questions.push({ message, detail, buttons: [] })
  keep()
}
app.relaunch = () => {
  heard.isRelaunched = true
  keep()
}
app.setAppPath(given.repository)
await import(pathToFileURL(given.entry).href)
`
