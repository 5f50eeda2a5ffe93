import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './buildIfStale.ts'
import { runCommand } from './command.ts'
import { resolveElectron } from './electron.ts'
import { requireReaders } from './readersOfOthers.ts'
import { countsOf, playwrightCounts, vitestCounts } from './testCounts.ts'
import { testWindow } from './testWindow.ts'

/**
 * `npm test`: all tests; at its end a line for each that failed, and as its last line the sum over both runners,
 * `N passed, N failed`.
 */
const output = join(repository, 'test', 'output')
const vitestReport = join(output, 'vitest.json')
const playwrightReport = join(output, 'playwright.json')

mkdirSync(output, { recursive: true })
// A report of an earlier run must not be taken for this one's.
rmSync(vitestReport, { force: true })
rmSync(playwrightReport, { force: true })

// Each Electron brings a software GPU along, by which the unit tests check the kernels; without one they skip that.
await resolveElectron({ allowFallback: true, installMissing: true }).catch(() => undefined)
const readers = await requireReaders()

const unitExitCode = await runCommand(
  process.execPath,
  [
    join(repository, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    join('test', 'vitest.config.ts'),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
  ],
  { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...readers } },
)

const windowExitCode = await testWindow(['--reporter=list,json'], {
  PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 1
})

const unit = countsOf(vitestReport, unitExitCode, vitestCounts)
const window = countsOf(playwrightReport, windowExitCode, playwrightCounts)
const failed = unit.failed + window.failed
const skipped = unit.skipped + window.skipped

// Long before the end of the output, and so out of sight, each runner has said more about these.
for (const failure of [...unit.failures, ...window.failures]) process.stdout.write(`failed: ${failure}\n`)
if (skipped > 0) process.stdout.write(`${skipped} skipped\n`)
process.stdout.write(`${unit.passed + window.passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0
