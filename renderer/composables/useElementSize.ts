import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'

export interface ElementSize {
  width: number
  height: number
}

/** Content size of an element in CSS pixels, 0 × 0 until it is laid out. */
export function useElementSize(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<ElementSize>> {
  const size = shallowRef<ElementSize>({ width: 0, height: 0 })
  const observer = new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect
    if (width !== size.value.width || height !== size.value.height) size.value = { width, height }
  })
  watch(
    element,
    (next, previous) => {
      if (previous) observer.unobserve(previous)
      if (next) observer.observe(next)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => observer.disconnect())
  return size
}
