import { expect, test } from 'vitest'
import { parallelReason } from '../../../renderer/format/queue.ts'
import { proposedParallel, type ParallelChoice } from '#shared/domain/queueState.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'

function reason(choice: ParallelChoice, engine: EngineChoice, cores = 4): string {
  const proposal = proposedParallel(cores, [engine])
  const count = choice === 'auto' ? proposal.count : choice
  return parallelReason({ active: [], waiting: [], cores, parallel: { choice, count, proposal } })
}

test.each<[ParallelChoice, EngineChoice, number, string]>([
  ['auto', 'onnx', 4, 'Automatic takes 1: one run on ONNX Runtime fills all cores.'],
  ['auto', 'gpu', 4, 'Automatic takes 1: one run fills the GPU.'],
  [
    'auto',
    'reference',
    4,
    'Automatic takes 3: a run on the reference engine takes one of 4 cores, and one is left free.',
  ],
  ['auto', 'wasm', 1, 'Automatic takes 1: a run on WebAssembly takes the only core.'],
  [2, 'onnx', 4, 'Your choice. Automatic would take 1: one run on ONNX Runtime fills all cores.'],
  [1, 'gpu', 4, 'Your choice, and what is proposed: one run fills the GPU.'],
])('%s runs at a time on %s with %i cores: it says why', (choice, engine, cores, said) => {
  expect(reason(choice, engine, cores)).toBe(said)
})
