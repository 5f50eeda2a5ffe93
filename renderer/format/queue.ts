import { takesOneCore, type QueueState } from '#shared/domain/queueState.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'
import { formatCount, formatCountOf } from './number.ts'

/** Why so many runs train at a time, and what would be proposed instead. */
export function parallelReason({ parallel: { choice, count, proposal }, cores }: QueueState): string {
  const reason = reasonOf(proposal.engine, cores)
  if (choice === 'auto') return `Automatic takes ${formatCount(count)}: ${reason}`
  if (choice === proposal.count) return `Your choice, and what is proposed: ${reason}`
  return `Your choice. Automatic would take ${formatCount(proposal.count)}: ${reason}`
}

function reasonOf(engine: EngineChoice, cores: number): string {
  if (takesOneCore(engine)) {
    const name = engine === 'wasm' ? 'WebAssembly' : 'the reference engine'
    if (cores === 1) return `a run on ${name} takes the only core.`
    return `a run on ${name} takes one of ${formatCountOf(cores, 'core')}, and one is left free.`
  }
  if (engine === 'gpu') return 'one run fills the GPU.'
  if (engine === 'onnx') return 'one run on ONNX Runtime fills all cores.'
  return 'one run on the fastest engine here fills the machine.'
}
