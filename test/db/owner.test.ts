import { once } from 'node:events'
import { expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { isGone, newOwner } from '#db/owner.ts'
import { claimRun, getRun, markInterrupted, queueRun } from '#db/queries/runs.ts'
import { makeDataset, makeLibrary, makeRun } from './makeLibrary.ts'
import { spawnNode } from './spawnNode.ts'

/** An owner in a process of its own, and how to kill that. */
async function otherProcess(): Promise<{ owner: string; kill(): Promise<unknown> }> {
  const { child, ended } = spawnNode(new URL('./children/printOwner.ts', import.meta.url), [])
  const [owner] = (await once(child.stdout!, 'data')) as [Buffer]
  return {
    owner: owner.toString(),
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}

test('runs of a process that was killed are interrupted at once, not when its last heartbeat is old', async () => {
  const library = makeLibrary()
  const datasetId = await makeDataset(library)
  const [trained, waiting, mine] = [
    await makeRun(library, { datasetId }),
    await makeRun(library, { datasetId }),
    await makeRun(library, { datasetId }),
  ]
  const { owner, kill } = await otherProcess()
  claimRun(library, trained, owner, momentNow())
  queueRun(library, waiting, owner, momentNow())
  claimRun(library, mine, newOwner(), momentNow())
  expect(markInterrupted(library, momentNow())).toEqual([])
  await kill()
  expect(markInterrupted(library, momentNow())).toEqual([trained, waiting])
  expect(getRun(library, trained)).toMatchObject({
    status: 'interrupted',
    message: expect.stringMatching(/trained it is gone/) as string,
  })
  expect(getRun(library, waiting)).toMatchObject({
    status: 'interrupted',
    message: expect.stringMatching(/queue it waited is gone/) as string,
  })
  expect(getRun(library, mine).status).toBe('running')
})

test('of what has another form, or counts its processes otherwise, nothing is known', async () => {
  const { owner, kill } = await otherProcess()
  expect(isGone(owner)).toBe(false)
  await kill()
  expect(isGone(owner)).toBe(true)
  const [space, pid, id] = owner.split(' ')
  for (const unknown of ['', id, `elsewhere ${pid} ${id}`, `${space} one ${id}`, `${space} -${pid} ${id}`]) {
    expect(isGone(unknown), unknown).toBe(false)
  }
})
