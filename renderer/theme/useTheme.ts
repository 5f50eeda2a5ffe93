import { computed, shallowRef } from 'vue'

const colourNames = [
  'bg',
  'side',
  'raise',
  'hover',
  'pressed',
  'text',
  'text-2',
  'text-3',
  'hairline',
  'line-2',
  'line-3',
  'grid',
  'accent',
  'accent-hover',
  'on-accent',
  'selection',
  'error',
  'warning',
  'success',
  'series-1',
  'series-2',
  'series-3',
  'series-4',
  'series-5',
  'series-6',
  'series-7',
  'series-8',
  'filter-zero',
] as const
export type ColourName = (typeof colourNames)[number]
export type Colours = Record<ColourName, string>

function readColours(): Colours {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(
    colourNames.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Colours
}

const darkQuery = matchMedia('(prefers-color-scheme: dark)')
const isDark = shallowRef(darkQuery.matches)
darkQuery.addEventListener('change', (event) => (isDark.value = event.matches))

/** The tokens' colours as values, for canvases; they change with the system's theme. */
export function useTheme() {
  const colours = computed<Colours>(() => {
    void isDark.value
    return readColours()
  })
  return { isDark, colours }
}
