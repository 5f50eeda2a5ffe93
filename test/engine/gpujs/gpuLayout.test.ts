import { expect, it } from 'vitest'
import { forEachRow, gpuLayout, pack, unpack } from '#main/engine/gpujs/gpuLayout.ts'
import { thetaLayout } from '#shared/model/theta.ts'

it.each([
  { n: 1, h: 1, perThread: 4 as const },
  { n: 3, h: 7, perThread: 4 as const },
  { n: 64, h: 25, perThread: 4 as const },
  { n: 5, h: 2, perThread: 1 as const },
])('takes every parameter of $n → $h to the device and back, $perThread a thread', (size) => {
  const layout = gpuLayout(size, size.perThread)
  const theta = Float64Array.from({ length: thetaLayout(size).length }, (_, i) => i + 1)
  const packed = pack(layout, theta, new Float32Array(layout.length))
  expect(unpack(layout, packed)).toEqual(theta)
  expect(layout.stride1 % size.perThread).toBe(0)
  // W1's first row, then the bias of that unit.
  const first = theta.subarray(0, size.n)
  expect([...packed.subarray(0, size.n + 1)]).toEqual([...first, theta[thetaLayout(size).b1]])
})

it('knows weights from biases: only weights decay', () => {
  const size = { n: 3, h: 2 }
  const at = thetaLayout(size)
  const biases: number[] = []
  forEachRow(gpuLayout(size, 4), (theta, _device, length, isBias) => {
    if (isBias) biases.push(theta)
    expect(isBias ? length : theta < at.b1).toBeTruthy()
  })
  expect(biases.sort((a, b) => a - b)).toEqual([at.b1, at.b1 + 1, at.b2, at.b2 + 1, at.b2 + 2])
})
