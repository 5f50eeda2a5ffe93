import type { LegendEntry, Picture } from '../../charts/picture.ts'
import type { ChartTheme } from '../../charts/chart.ts'
import { plainColour } from '../../charts/plainColour.ts'
import type { Plot } from './plot.ts'

/** What is drawn on a panel of the page, as one picture. @param caption  beside the title */
export function chartPicture(
  panel: HTMLElement,
  plot: Plot,
  { title, caption }: { title: string; caption: string },
  { colours, font }: ChartTheme,
): Picture {
  return {
    ...plot,
    title,
    caption,
    legend: [...panel.querySelectorAll<HTMLElement>('[data-legend]')].map(legendEntry),
    ground: colours.bg,
    text: colours.text,
    faintText: colours['text-3'],
    font,
  }
}

/** A legend's entry as the page shows it, its colour resolved. */
function legendEntry(item: HTMLElement): LegendEntry {
  const mark = item.querySelector('line') ?? item.querySelector('.band')
  const style = mark === null ? null : getComputedStyle(mark)
  const isLine = mark?.tagName === 'line'
  return {
    kind: isLine ? 'line' : 'band',
    colour: plainColour((isLine ? style?.stroke : style?.backgroundColor) ?? 'black'),
    dash: (mark?.getAttribute('stroke-dasharray') ?? '').split(/[ ,]+/).filter(Boolean).map(Number),
    name: item.querySelector('.name')?.textContent?.trim() ?? '',
  }
}
