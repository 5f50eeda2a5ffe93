import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gpuEngine } from '#main/engine/gpujs/gpuEngine.ts'
import { takeSoftwareVulkan } from '../engine/gpujs/softwareVulkan.ts'
import { labJson, runLab, temporaryFolder } from './runLab.ts'

interface TrainResult {
  status: string
  cost: number
  engine: string
  device: string
}

takeSoftwareVulkan()
const { available, device, reason } = await gpuEngine.probe()

describe.skipIf(!available)(available ? 'the command line on a GPU' : `on a GPU: ${reason}`, () => {
  let folder: string
  beforeAll(async () => {
    folder = await temporaryFolder()
    await labJson('generate', 'bars', '--patches', '120', '--library', folder)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('lists it by its name', async () => {
    const engines = await labJson<{ engine: string; available: boolean; device: string }[]>('engines')
    expect(engines.find(({ engine }) => engine === 'gpu')).toMatchObject({ available: true, device })
  })

  // The driver is loaded in a worker thread, and must neither hold it back nor take the process down at its end.
  it.each([
    ['lbfgs', '6'],
    ['adam', '2'],
  ])('trains by %s to the cost of ONNX Runtime, says what computed, and ends', async (optimiser, count) => {
    const train = (engine: string) =>
      labJson<TrainResult>(
        ...['train', '--dataset', '1', '--library', folder, '--engine', engine],
        ...['--optimizer', optimiser, '--iterations', count, '--hidden', '5', '--batch', '50'],
      )
    const onGpu = await train('gpu')
    expect(onGpu).toMatchObject({ status: 'finished', engine: 'gpu', device })
    expect(onGpu.cost / (await train('onnx')).cost).toBeCloseTo(1, 3)
  })
})

it('a machine without a GPU is told so, and what to do, before anything is computed', async () => {
  const folder = await temporaryFolder()
  await labJson('generate', 'bars', '--patches', '20', '--library', folder)
  const driver = process.env['VK_DRIVER_FILES']
  process.env['VK_DRIVER_FILES'] = '/nowhere.json'
  const { code, stdout } = await runLab(
    ...['train', '--dataset', '1', '--library', folder, '--engine', 'gpu', '--json'],
  )
  if (driver === undefined) delete process.env['VK_DRIVER_FILES']
  else process.env['VK_DRIVER_FILES'] = driver
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(/"gpu" is not available here: .*\. Choose "auto"/) as string,
  })
  await rm(folder, { recursive: true })
})
