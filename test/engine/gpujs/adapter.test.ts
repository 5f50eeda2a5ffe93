import { expect, it } from 'vitest'
import { webGpuAdapter } from '#main/engine/gpujs/adapter.ts'

const info = (given: Partial<GPUAdapterInfo>) => ({
  info: {
    vendor: '',
    architecture: '',
    device: '',
    description: '',
    isFallbackAdapter: false,
    ...given,
  } as GPUAdapterInfo,
})

it.each([
  [{ vendor: 'nvidia', architecture: 'lovelace' }, 'nvidia lovelace', true],
  [
    { vendor: 'nvidia', architecture: 'ampere', device: 'NVIDIA GeForce RTX 3060', description: '535.54' },
    'NVIDIA GeForce RTX 3060',
    true,
  ],
  [{ vendor: 'apple', architecture: 'metal-3' }, 'apple metal-3', true],
  [{}, 'GPU', true],
  [
    { vendor: 'google', architecture: 'swiftshader', description: 'SwiftShader driver 5.0.0' },
    'SwiftShader driver 5.0.0 (software)',
    false,
  ],
  [{ vendor: 'google', architecture: 'swiftshader' }, 'google swiftshader (software)', false],
  [
    { vendor: 'mesa', device: 'llvmpipe (LLVM 15.0.6, 256 bits)' },
    'llvmpipe (LLVM 15.0.6, 256 bits) (software)',
    false,
  ],
  [
    { vendor: 'microsoft', device: 'Microsoft Basic Render Driver' },
    'Microsoft Basic Render Driver (software)',
    false,
  ],
  [{ vendor: 'someone', isFallbackAdapter: true }, 'someone (software)', false],
])('%j is called %s', (given, name, hardware) => {
  expect(webGpuAdapter(info(given))).toEqual({ name, hardware })
})
