import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Names the folder to the workers, which read the runner's configuration again. */
const NAME = 'RHO_LAB_TEST_FOLDER'

/**
 * Gives a run of tests a temporary folder of its own, which goes when the run ends, with whatever a test that failed, or
 * was killed, has left in it. Called while the runner reads its configuration, since its workers inherit it.
 */
export function useOwnTemporaryFolder(): void {
  if (process.env[NAME] !== undefined) return
  const folder = mkdtempSync(join(tmpdir(), 'rho-lab-tests-'))
  // One test starts the app as another user, who writes into it as into any other.
  chmodSync(folder, 0o1777)
  for (const name of [NAME, 'TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
}

/** For the `globalSetup` of both runners: what it returns is called after the last test. */
export default function removeAfterwards(): () => void {
  const folder = process.env[NAME]
  return () => {
    // A window that has just been closed may write for a moment longer.
    if (folder !== undefined)
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
