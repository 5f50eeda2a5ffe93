import { computed, shallowRef } from 'vue'
import type { ChartTheme } from '../charts/chart.ts'
import { useTheme } from '../theme/useTheme.ts'

/** Counts loaded fonts: what was drawn on a canvas before its font had come is drawn again. */
const fontsLoaded = shallowRef(0)
document.fonts.addEventListener('loadingdone', () => fontsLoaded.value++)

/** The theme as charts take it; changes with the system's theme and when a font arrives. */
export function useChartTheme() {
  const { colours } = useTheme()
  return computed<ChartTheme>(() => {
    void fontsLoaded.value
    const style = getComputedStyle(document.documentElement)
    return {
      colours: colours.value,
      font: style.getPropertyValue('--font-ui').trim(),
      mathFont: style.getPropertyValue('--font-math').trim(),
    }
  })
}
