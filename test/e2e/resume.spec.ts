import { expect, test } from '@playwright/test'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, endOf, listRuns, onnxConfig, openRun, smallConfig } from './calls.ts'
import { launchLab, screenshot } from './launch.ts'

test('a run that diverged, and one whose session was killed, go on from their last good state', async () => {
  const lab = await launchLab()
  const { app, page } = lab
  const { id: datasetId } = await callLab(page, 'datasets.generate', 'bars', 'bars', {
    ...defaultSampling,
    patches: 1_000,
  })
  const run = { datasetId, preset: null, tags: [] }
  const tooFast = { ...smallConfig, rho: 0.1, optimiser: 'sgd' as const, learningRate: 100, iterations: 12 }
  const { id } = await callLab(page, 'runs.start', { ...run, name: 'Too fast', config: tooFast })
  const diverged = await endOf(page, id)
  expect(diverged).toMatchObject({ status: 'failed', outcome: 'diverged' })
  const { checkpointIteration } = diverged

  await openRun(page, 'Too fast')
  await expect(page.getByRole('alert')).toContainText(`resume from ${checkpointIteration}.`)
  await page.getByRole('button', { name: `Run again from ${checkpointIteration}` }).click()
  const rate = page.getByLabel('Learning rate')
  await expect(rate).toHaveValue('10')
  await screenshot(page, 'run-again-light')
  await rate.fill('0.001')
  await page.getByRole('button', { name: 'Start run' }).last().click()
  await page.getByRole('heading', { name: `Too fast from ${checkpointIteration}` }).waitFor()
  const [again] = await listRuns(page)
  expect(await endOf(page, again.id)).toMatchObject({
    status: 'finished',
    initialWeights: { kind: 'run', runId: id, iteration: checkpointIteration },
  })
  const weights = async (runId: number, iteration: number) =>
    (await callLab(page, 'runs.snapshot', runId, iteration))!.weights.W1
  expect(await weights(again.id, 0)).toEqual(await weights(id, checkpointIteration!))

  const endless = { ...onnxConfig, optimiser: 'adam' as const, iterations: 1_000_000 }
  const killed = await callLab(page, 'runs.start', { ...run, name: 'Killed', config: endless })
  await expect.poll(async () => (await callLab(page, 'runs.get', killed.id)).iterations).toBeGreaterThan(3)
  await openRun(page, 'Killed')
  const pid = await app.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name?.includes('The session'))?.pid,
  )
  process.kill(pid!, 'SIGKILL')
  await expect(page.getByText(/^Interrupted at iteration .* The session was killed/)).toBeVisible()
  const { checkpointIteration: keptAt } = await callLab(page, 'runs.get', killed.id)
  expect(keptAt).not.toBeNull()
  await screenshot(page, 'run-killed-light')
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect
    .poll(async () => (await callLab(page, 'runs.get', killed.id)).iterations)
    .toBeGreaterThan(keptAt! + 1)
  await callLab(page, 'runs.stop', killed.id)
  await endOf(page, killed.id)
  expect(lab.errors).toEqual([])
  await lab.close()
})
