import { shallowRef } from 'vue'

const ratio = shallowRef(devicePixelRatio)

/** A media query tells of the next change only, so that each change asks anew. */
function follow(): void {
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
    'change',
    () => {
      ratio.value = devicePixelRatio
      follow()
    },
    { once: true },
  )
}
follow()

/** Device pixels in a CSS pixel: changes with zoom and when the window moves to another screen. */
export const usePixelRatio = () => ratio
