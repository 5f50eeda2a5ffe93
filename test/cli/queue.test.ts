import { spawn } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { findRun } from '#db/queries/runs.ts'
import type { RunStatus } from '#shared/domain/run.ts'
import { labJson, runLab, temporaryFolder } from './runLab.ts'

const lab = fileURLToPath(new URL('../../main/cli/lab.ts', import.meta.url))

it('tells what trains in another terminal, pauses it, goes on with it and stops it', async () => {
  const folder = path.join(await temporaryFolder(), 'library')
  const library = ['--library', folder]
  await labJson('generate', 'bars', '--patches', '300', '--name', 'bars', ...library)
  expect(await labJson('queue', ...library)).toEqual([])
  const args = [
    'train',
    '--dataset',
    'bars',
    '--optimizer',
    'adam',
    '--iterations',
    '1000000',
    '--name',
    'long',
  ]
  const child = spawn(process.execPath, [lab, ...args, '--engine', 'reference', ...library], {
    stdio: 'ignore',
  })
  const exited = once(child, 'exit')
  const opened = openLibrary(folder)
  try {
    await until('running')
    expect(await labJson('queue', ...library)).toMatchObject([
      {
        name: 'long',
        status: 'running',
        place: null,
        plannedIterations: 1_000_000,
        datasetName: 'bars',
        process: { program: 'commandLine', pid: child.pid, host: os.hostname() },
      },
    ])
    expect((await runLab('queue', ...library)).stdout).toContain(`command line, pid ${child.pid} on `)
    await labJson('pause', 'long', ...library)
    await until('paused')
    await labJson('continue', 'long', ...library)
    await until('running')
    await labJson('stop', 'long', ...library)
    expect(await exited).toEqual([0, null])
    const { code, stderr } = await runLab('pause', 'long', ...library)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('is stopped, not training. Resume it to train it.') as string,
    })
  } finally {
    child.kill('SIGKILL')
    opened.close()
  }

  async function until(status: RunStatus): Promise<void> {
    for (;;) {
      const run = await Promise.resolve()
        .then(() => findRun(opened, 'long'))
        .catch(() => null)
      if (run?.status === status && run.iterations > 0) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
})
