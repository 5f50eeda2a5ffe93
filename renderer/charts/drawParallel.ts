import { registry, type ChartConfiguration, type ChartDataset, type Plugin } from 'chart.js'
import { LinearAxis, LineSegment, ParallelCoordinatesController, PCPScale } from 'chartjs-chart-pcp'
import { Chart, type ChartTheme, type Draw, faded } from './chart.ts'
import { type Brushes, type ParallelAxis, rowsInside } from './parallelAxis.ts'
import { axisShare, parallelPadding } from './parallelLayout.ts'
import { drawAxes, drawBrushes, drawCategories, drawRow, drawRowLetters } from './parallelMarks.ts'
import { followParallelPointer, type ParallelEvents } from './parallelPointer.ts'
import { seriesColour, seriesDashes } from './series.ts'

Chart.register(ParallelCoordinatesController, LineSegment, PCPScale)
// It is a scale by its class, and drawn as an element.
registry.addElements(LinearAxis)
// Positions are worked out before they are drawn, and axes are drawn with their symbols by hand.
Chart.defaults.set('elements.linearAxis', { min: 0, max: 1, display: false })

/** A selected row's letter and series. */
export interface ParallelMark {
  row: number
  letter: string
  /** 1 to 8 */
  series: number
}

export interface ParallelChart {
  theme: ChartTheme
  axes: readonly ParallelAxis[]
  /** How many rows there are. */
  count: number
  /** Selected rows: in their colours, over the others. */
  marks: readonly ParallelMark[]
  brushes: Brushes
  /** The row that is pointed at. */
  hovered: number | null
  on: ParallelEvents
}

const plainOpacity = 0.28
const outsideOpacity = 0.08

function datasets({ theme, axes, count, marks, brushes }: ParallelChart): ChartDataset<'pcp', number[]>[] {
  const inside = new Set(rowsInside(axes, count, brushes))
  const marked = new Set(marks.map(({ row }) => row))
  const plain = faded(theme.colours.text, plainOpacity)
  const outside = faded(theme.colours.text, outsideOpacity)
  const rows = Array.from({ length: count }, (_, row) => row)
  return axes.map(({ id, positions }, k) => ({
    label: id,
    // What has no value ends in nothing: its segment is not drawn.
    data: rows.map((row) => positions[row] || 0),
    borderColor: rows.map((row) =>
      marked.has(row) || Number.isNaN(positions[row]) || Number.isNaN(axes[Math.max(0, k - 1)].positions[row])
        ? 'transparent'
        : inside.has(row)
          ? plain
          : outside,
    ),
    borderWidth: 1,
    clip: false,
  })) as ChartDataset<'pcp', number[]>[]
}

/**
 * Rows as lines over parallel axes. Selected rows stand out in their series' colour and dash; what a brush leaves out
 * fades.
 */
export const drawParallel: Draw<ParallelChart> = (canvas, first) => {
  let shown = first
  let chart: Chart<'pcp', number[]>
  let listening: AbortController

  const xsOf = ({ width }: { width: number }): number[] =>
    shown.axes.map((_, k) => axisShare(k, shown.axes.length) * (width - parallelPadding.right))
  /** Selected rows can be pointed at whatever is brushed. */
  const among = (): number[] => [
    ...rowsInside(shown.axes, shown.count, shown.brushes),
    ...shown.marks.map(({ row }) => row),
  ]

  const painted: Plugin<'pcp'> = {
    id: 'parallel',
    beforeDatasetsDraw: (drawn) => {
      drawAxes(drawn, xsOf(drawn), shown.axes, shown.theme)
    },
    afterDatasetsDraw: (drawn) => {
      const { theme, axes, marks, brushes, hovered, count } = shown
      const inside = new Set(rowsInside(axes, count, brushes))
      const xs = xsOf(drawn)
      drawCategories(drawn, xs, axes, theme)
      drawBrushes(drawn, xs, axes, brushes, theme)
      if (hovered !== null && !marks.some(({ row }) => row === hovered)) {
        drawRow(drawn, xs, axes, hovered, { colour: theme.colours.text, dash: [], opacity: 1 }, theme)
      }
      for (const { row, series } of marks.toReversed()) {
        const isFaded = !inside.has(row) && row !== hovered
        const style = { colour: seriesColour(theme, series), dash: seriesDashes[series - 1] }
        drawRow(drawn, xs, axes, row, { ...style, opacity: isFaded ? plainOpacity : 1 }, theme)
      }
      drawRowLetters(drawn, xs, axes, marks, theme)
    },
  }

  function open(): void {
    chart = new Chart<'pcp', number[]>(canvas, {
      type: 'pcp',
      data: { labels: [], datasets: datasets(shown) },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { ...parallelPadding } },
        scales: { x: { display: false, ticks: { autoSkip: false } } },
      },
      plugins: [painted],
    } as unknown as ChartConfiguration<'pcp', number[]>)
    listening = new AbortController()
    followParallelPointer(
      chart,
      () => xsOf(chart),
      () => shown,
      among,
      listening.signal,
    )
  }
  function close(): void {
    listening.abort()
    chart.destroy()
  }

  open()
  return {
    update(next) {
      const previous = shown
      shown = next
      const namesOf = ({ axes }: ParallelChart) => axes.map(({ id }) => id).join('\n')
      const isSame = (['theme', 'axes', 'count', 'marks', 'brushes'] as const).every(
        (key) => next[key] === previous[key],
      )
      if (isSame) chart.draw()
      else if (namesOf(next) === namesOf(previous)) {
        chart.data.datasets = datasets(next)
        chart.update('none')
      } else {
        // The library names an axis once, when it makes it.
        close()
        open()
      }
    },
    moveCursor: () => undefined,
    destroy: close,
  }
}
