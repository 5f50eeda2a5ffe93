import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { repository } from './buildIfStale.ts'

export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** A line for each test that failed: its file, its name, and the first line of why. */
  readonly failures: readonly string[]
}

/** What this script reads of Vitest's JSON report. */
interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests?: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages?: readonly string[] | null
    }[]
  }[]
}

/** What this script reads of Playwright's JSON report. */
interface PlaywrightReport {
  readonly suites?: readonly PlaywrightSuite[]
  readonly stats: {
    readonly expected: number
    readonly unexpected: number
    readonly flaky: number
    readonly skipped: number
  }
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs?: readonly {
    readonly file: string
    readonly title: string
    readonly tests: readonly {
      readonly status: string
      readonly results: readonly { readonly error?: { readonly message?: string } }[]
    }[]
  }[]
}

function failureLine(file: string, test: string, reason = ''): string {
  const where = [relative(repository, file), test].filter((part) => part !== '').join(' › ')
  const why = stripVTControlCharacters(reason).trim().split('\n', 1)[0]
  return why === '' ? where : `${where}: ${why}`
}

/** A file that could not even be loaded holds no test, and counts as one that failed. */
export function vitestCounts(report: VitestReport): TestCounts {
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    failures: [
      ...unloaded.map(({ name, message }) => failureLine(name, '', message)),
      ...report.testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => failureLine(name, fullName, failureMessages?.[0])),
      ),
    ],
  }
}

/** A test that passed only when repeated is not one that passed. */
export function playwrightCounts({ suites = [], stats }: PlaywrightReport): TestCounts {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failures: suites.flatMap(suiteFailures),
  }
}

function suiteFailures({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const own = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) =>
        failureLine(`test/e2e/${file}`, title, results.find(({ error }) => error)?.error?.message),
      ),
  )
  return [...own, ...suites.flatMap(suiteFailures)]
}

/**
 * Counts out of a runner's report file. A runner that failed without a failed test (it crashed, wrote
 * no report, found no test) counts as one failure, so that the sum never hides it.
 */
export function countsOf<Report>(
  file: string,
  exitCode: number,
  read: (report: Report) => TestCounts,
): TestCounts {
  const counts = existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')) as Report)
    : { passed: 0, failed: 0, skipped: 0, failures: [] }
  const ranNothing = counts.passed + counts.failed === 0
  if (counts.failed > 0 || (exitCode === 0 && !ranNothing)) return counts
  const why = ranNothing ? 'ran no test' : 'failed beside its tests'
  return { ...counts, failed: 1, failures: [`The runner ${why} (exit status ${exitCode}).`] }
}
