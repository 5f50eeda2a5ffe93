import { onScopeDispose, shallowRef, watch } from 'vue'
import type { EngineGradientCheck } from '#shared/domain/gradientCheck.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { call } from '../ipc/call.ts'

export interface GradientQuestion {
  datasetId: number
  config: RunConfig
}

/**
 * A gradient check on demand. What was found holds for what was asked: once that changes, it is gone.
 * @param question  null while there is nothing to check
 */
export function useGradientCheck(question: () => GradientQuestion | null) {
  const found = shallowRef<EngineGradientCheck | null>(null)
  const error = shallowRef<string | null>(null)
  const isChecking = shallowRef(false)
  let asked = 0

  function forget(): void {
    asked++
    found.value = null
    error.value = null
    isChecking.value = false
  }

  async function check(): Promise<void> {
    const wanted = question()
    if (wanted === null || isChecking.value) return
    forget()
    const number = asked
    isChecking.value = true
    try {
      const answer = await call('gradient.check', wanted.datasetId, wanted.config)
      if (number === asked) found.value = answer
    } catch (thrown) {
      if (number === asked) error.value = thrown instanceof Error ? thrown.message : String(thrown)
    }
    if (number === asked) isChecking.value = false
  }

  watch(() => JSON.stringify(question()), forget)
  onScopeDispose(forget)
  return { found, error, isChecking, check }
}
