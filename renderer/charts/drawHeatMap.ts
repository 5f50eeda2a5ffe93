import type { ChartTheme, Draw } from './chart.ts'
import { heatColour, inkOn } from './heatColours.ts'

/** A table of values over two settings; smaller is better and brighter. */
export interface HeatMap {
  theme: ChartTheme
  columns: readonly string[]
  rows: readonly string[]
  /** rows × columns, row-major; null where there is none yet. */
  values: readonly (number | null)[]
  xName: string
  yName: string
  /** What the colours stand for, with its unit. */
  valueName: string
  format: (value: number) => string
}

const fontSize = 11
/** At least; names of rows that are longer get more room on the left, up to a share of the width. */
const padding = { left: 76, top: 8, right: 96, bottom: 40 }
const mostForNames = 0.3
const besideNames = 26
const rampWidth = 12
const gap = 2

interface Plot {
  left: number
  top: number
  cellWidth: number
  cellHeight: number
}

/**
 * A heat map with the value in each cell and a ramp beside it. The pointer's value is the index of a cell; so is the
 * cursor's, which rings it.
 */
export const drawHeatMap: Draw<HeatMap> = (canvas, first, pointer) => {
  let shown = first
  let cursor: number | null = null
  const parent = canvas.parentElement!
  const listening = new AbortController()

  function plotOf(): Plot {
    const { clientWidth, clientHeight } = parent
    const left = Math.max(padding.left, Math.min(widestRow() + besideNames, mostForNames * clientWidth))
    return {
      left,
      top: padding.top,
      cellWidth: Math.max(1, (clientWidth - left - padding.right) / shown.columns.length),
      cellHeight: Math.max(1, (clientHeight - padding.top - padding.bottom) / shown.rows.length),
    }
  }

  function widestRow(): number {
    const context = canvas.getContext('2d')
    if (!context) return 0
    context.font = `${fontSize}px ${shown.theme.font}`
    return Math.max(0, ...shown.rows.map((name) => context.measureText(name).width))
  }

  function draw(): void {
    const { clientWidth, clientHeight } = parent
    const context = canvas.getContext('2d')
    if (!context || clientWidth === 0 || clientHeight === 0) return
    canvas.width = Math.round(clientWidth * devicePixelRatio)
    canvas.height = Math.round(clientHeight * devicePixelRatio)
    canvas.style.width = `${clientWidth}px`
    canvas.style.height = `${clientHeight}px`
    context.scale(devicePixelRatio, devicePixelRatio)
    const plot = plotOf()
    drawCells(context, plot, shown)
    drawNames(context, plot, shown)
    drawRamp(context, clientWidth - padding.right + 16, plot, shown)
    if (cursor !== null) ringCell(context, plot, shown, cursor)
  }

  function cellAt(event: PointerEvent | MouseEvent): number | null {
    const { left, top, cellWidth, cellHeight } = plotOf()
    const column = Math.floor((event.offsetX - left) / cellWidth)
    const row = Math.floor((event.offsetY - top) / cellHeight)
    const isInside = column >= 0 && column < shown.columns.length && row >= 0 && row < shown.rows.length
    return isInside ? row * shown.columns.length + column : null
  }

  const resizing = new ResizeObserver(draw)
  resizing.observe(parent)
  if (pointer) {
    const { signal } = listening
    canvas.addEventListener('pointermove', (event) => pointer.hover(cellAt(event)), { signal })
    canvas.addEventListener('pointerleave', () => pointer.hover(null), { signal })
    canvas.addEventListener(
      'click',
      (event) => {
        const cell = cellAt(event)
        if (cell !== null) pointer.pick(cell)
      },
      { signal },
    )
  }
  draw()

  return {
    update(next) {
      shown = next
      draw()
    },
    moveCursor(cell) {
      if (cell === cursor) return
      cursor = cell
      draw()
    },
    destroy() {
      resizing.disconnect()
      listening.abort()
    },
  }
}

function rangeOf({ values }: HeatMap): { min: number; max: number } {
  const known = values.filter((value) => value !== null)
  return { min: Math.min(...known), max: Math.max(...known) }
}

/** 1 for the smallest, 0 for the largest value. */
function shareOf(value: number, { min, max }: { min: number; max: number }): number {
  return max > min ? (max - value) / (max - min) : 1
}

function drawCells(context: CanvasRenderingContext2D, plot: Plot, map: HeatMap): void {
  const { theme, values, columns, format } = map
  const range = rangeOf(map)
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.font = `${fontSize}px ${theme.font}`
  values.forEach((value, index) => {
    const x = plot.left + (index % columns.length) * plot.cellWidth
    const y = plot.top + Math.floor(index / columns.length) * plot.cellHeight
    const [width, height] = [Math.max(1, plot.cellWidth - gap), Math.max(1, plot.cellHeight - gap)]
    if (value === null) {
      context.strokeStyle = theme.colours['line-2']
      context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1)
      return
    }
    const share = shareOf(value, range)
    context.fillStyle = heatColour(share)
    context.fillRect(x, y, width, height)
    const text = format(value)
    if (context.measureText(text).width > width - 6 || height < fontSize + 4) return
    context.fillStyle = inkOn(share)
    context.fillText(text, x + width / 2, y + height / 2)
  })
}

function drawNames(context: CanvasRenderingContext2D, plot: Plot, map: HeatMap): void {
  const { theme, columns, rows, xName, yName } = map
  const bottom = plot.top + rows.length * plot.cellHeight
  const centre = plot.left + (columns.length * plot.cellWidth) / 2
  context.font = `${fontSize}px ${theme.font}`
  context.fillStyle = theme.colours['text-3']
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  const everyRow = Math.ceil((fontSize + 3) / plot.cellHeight)
  rows.forEach((name, row) => {
    if (row % everyRow === 0)
      context.fillText(
        shortened(context, name, plot.left - besideNames),
        plot.left - 8,
        plot.top + (row + 0.5) * plot.cellHeight - gap / 2,
      )
  })
  context.textAlign = 'center'
  context.textBaseline = 'top'
  // Words keep their column and lose their end; of numbers, too long for all, some are left out.
  const isWords = columns.some((name) => /[a-z]{2}/i.test(name))
  const shownColumns = isWords ? columns.map((name) => shortened(context, name, plot.cellWidth - 8)) : columns
  const widest = Math.max(...shownColumns.map((name) => context.measureText(name).width)) + 8
  const everyColumn = Math.ceil(widest / plot.cellWidth)
  shownColumns.forEach((name, column) => {
    if (column % everyColumn === 0)
      context.fillText(name, plot.left + (column + 0.5) * plot.cellWidth - gap / 2, bottom + 4)
  })
  context.fillStyle = theme.colours['text-2']
  context.fillText(xName, centre, bottom + 22)
  context.save()
  context.translate(6, plot.top + (rows.length * plot.cellHeight) / 2)
  context.rotate(-Math.PI / 2)
  context.fillText(yName, 0, 0)
  context.restore()
}

/** As much of a name as there is room for. */
function shortened(context: CanvasRenderingContext2D, name: string, width: number): string {
  if (context.measureText(name).width <= width) return name
  for (let length = name.length - 1; length > 0; length--) {
    const short = `${name.slice(0, length).trimEnd()}…`
    if (context.measureText(short).width <= width) return short
  }
  return ''
}

/** The brightest on top: the best. */
function drawRamp(context: CanvasRenderingContext2D, left: number, plot: Plot, map: HeatMap): void {
  const { theme, rows, format } = map
  const range = rangeOf(map)
  if (!Number.isFinite(range.min)) return
  const height = rows.length * plot.cellHeight - gap
  for (let y = 0; y < height; y++) {
    context.fillStyle = heatColour(1 - y / height)
    context.fillRect(left, plot.top + y, rampWidth, 1.5)
  }
  context.font = `${fontSize}px ${theme.font}`
  context.fillStyle = theme.colours['text-3']
  context.textAlign = 'left'
  context.textBaseline = 'top'
  context.fillText(format(range.min), left + rampWidth + 6, plot.top)
  context.textBaseline = 'bottom'
  if (range.max > range.min) context.fillText(format(range.max), left + rampWidth + 6, plot.top + height)
}

function ringCell(context: CanvasRenderingContext2D, plot: Plot, map: HeatMap, cell: number): void {
  const x = plot.left + (cell % map.columns.length) * plot.cellWidth
  const y = plot.top + Math.floor(cell / map.columns.length) * plot.cellHeight
  const [width, height] = [plot.cellWidth - gap, plot.cellHeight - gap]
  context.lineWidth = 2
  context.strokeStyle = map.theme.colours.accent
  context.strokeRect(x, y, width, height)
  context.lineWidth = 1
  context.strokeStyle = map.theme.colours.bg
  context.strokeRect(x + 2, y + 2, width - 4, height - 4)
}
