import { onScopeDispose, shallowRef, watch } from 'vue'
import type { GeneratorName, Sampling } from '#shared/domain/dataset.ts'
import type { GeneratorParameters, GeneratorPreview } from '#shared/domain/generators.ts'
import { call } from '../../ipc/call.ts'

export interface Previewed {
  generator: GeneratorName
  sampling: Sampling
  parameters: GeneratorParameters
}

const pauseMs = 200

/** What a generator would make, drawn anew when its settings have not changed for a moment. */
export function useGeneratorPreview(asked: () => Previewed | null) {
  const preview = shallowRef<(GeneratorPreview & { sampling: Sampling }) | null>(null)
  const problem = shallowRef<string | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let newest = 0

  async function draw({ generator, sampling, parameters }: Previewed): Promise<void> {
    const own = ++newest
    try {
      const drawn = await call('datasets.preview', generator, sampling, parameters)
      if (own !== newest) return
      preview.value = { ...drawn, sampling }
      problem.value = null
    } catch (error) {
      if (own === newest) problem.value = error instanceof Error ? error.message : String(error)
    }
  }

  watch(
    () => JSON.stringify(asked()),
    () => {
      clearTimeout(timer)
      const now = asked()
      if (now) timer = setTimeout(() => void draw(now), preview.value ? pauseMs : 0)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    newest++
  })
  return { preview, problem }
}
