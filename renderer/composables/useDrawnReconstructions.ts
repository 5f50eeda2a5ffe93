import { shallowRef, watch, type Ref } from 'vue'
import type { Whitening } from '#shared/filters/pixelFilters.ts'
import { patchesInPixels } from '#shared/filters/unwhiten.ts'
import type { Reconstructions } from '#shared/ipc/contract.ts'

/**
 * Reconstructions as they are to be drawn: as the network sees them, or where a whitening is given, as pixels with the
 * mean that was removed. Between patches the window has its turn: of wide ones each takes a while.
 * @param whitening  null to leave them as they are
 */
export function useDrawnReconstructions(
  reconstructions: Readonly<Ref<Reconstructions | null>>,
  whitening: Readonly<Ref<Whitening | null>>,
) {
  const drawn = shallowRef<Reconstructions | null>(null)
  watch(
    [reconstructions, whitening] as const,
    async ([read, by], _before, onCleanup) => {
      let isStale = false
      onCleanup(() => (isStale = true))
      const turned = read === null || by === null ? read : await inPixels(read, by, () => isStale)
      if (!isStale) drawn.value = turned
    },
    { immediate: true },
  )
  return drawn
}

async function inPixels(
  { count, patches, outputs }: Reconstructions,
  whitening: Whitening,
  isStale: () => boolean,
): Promise<Reconstructions> {
  const turned = { count, patches: patches.slice(), outputs: outputs.slice() }
  const n = patches.length / Math.max(1, count)
  for (let k = 0; k < count && !isStale(); k++) {
    for (const rows of [turned.patches, turned.outputs]) {
      rows.set(patchesInPixels(rows.subarray(k * n, (k + 1) * n), whitening), k * n)
    }
    await new Promise((resolve) => setTimeout(resolve))
  }
  return turned
}
