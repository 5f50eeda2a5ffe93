import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { repository } from '../../scripts/buildIfStale.ts'
import { countsOf, playwrightCounts, vitestCounts } from '../../scripts/testCounts.ts'

describe('vitestCounts', () => {
  const name = join(repository, 'test', 'sample.test.ts')
  const passed = { status: 'passed', fullName: 'adds' }
  const failed = {
    status: 'failed',
    fullName: 'divides by zero',
    failureMessages: ['\u001b[31mAssertionError: expected 1\n    at divide.ts:3'],
  }

  it('counts a file that could not be loaded as a failure, and names what failed with its reason', () => {
    const counts = vitestCounts({
      numPassedTests: 4,
      numFailedTests: 1,
      numPendingTests: 2,
      testResults: [
        { name, status: 'failed', assertionResults: [passed, failed] },
        { name, status: 'failed', message: 'No such module', assertionResults: [] },
        { name, status: 'passed', assertionResults: [passed] },
      ],
    })
    expect(counts).toEqual({
      passed: 4,
      failed: 2,
      skipped: 2,
      failures: [
        'test/sample.test.ts: No such module',
        'test/sample.test.ts › divides by zero: AssertionError: expected 1',
      ],
    })
  })
})

describe('playwrightCounts', () => {
  it('counts a test that passed only when repeated as a failure, and names it', () => {
    const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }
    const spec = (title: string, status: string, message?: string) => ({
      file: 'live.spec.ts',
      title,
      tests: [{ status, results: [{ error: message === undefined ? undefined : { message } }, {}] }],
    })
    const inner = { specs: [spec('is drawn', 'unexpected', 'Error: hidden'), spec('is heard', 'expected')] }
    const suites = [{ suites: [inner], specs: [spec('moves', 'flaky')] }]
    expect(playwrightCounts({ stats, suites })).toEqual({
      passed: 3,
      failed: 2,
      skipped: 2,
      failures: ['test/e2e/live.spec.ts › moves', 'test/e2e/live.spec.ts › is drawn: Error: hidden'],
    })
  })
})

describe('countsOf', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rho-lab-counts-'))
    file = join(folder, 'report.json')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function counts(exitCode: number, stats?: Partial<Record<'expected' | 'unexpected', number>>) {
    if (stats)
      writeFileSync(
        file,
        JSON.stringify({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats } }),
      )
    return countsOf(file, exitCode, playwrightCounts)
  }

  it('takes the report as it is when runner and report agree', () => {
    expect(counts(0, { expected: 5 })).toMatchObject({ passed: 5, failed: 0 })
    expect(counts(1, { expected: 5, unexpected: 2 })).toMatchObject({ passed: 5, failed: 2 })
  })

  it('never calls a run good that crashed, wrote no report, or ran no test', () => {
    expect(counts(0)).toMatchObject({ passed: 0, failed: 1 })
    expect(counts(1)).toMatchObject({ passed: 0, failed: 1 })
    expect(counts(0, {})).toMatchObject({ passed: 0, failed: 1 })
    expect(counts(1, { expected: 5 })).toMatchObject({ passed: 5, failed: 1 })
  })
})
