import { Context as SvgContext } from 'svgcanvas'

/** One line of a legend: how a series is drawn, and its name. */
export interface LegendEntry {
  kind: 'line' | 'band'
  /** A CSS colour. */
  colour: string
  dash: readonly number[]
  name: string
}

/** A picture to be kept: what stands around the plot on the page must stand in it too. */
export interface Picture {
  title: string
  caption: string
  legend: readonly LegendEntry[]
  ground: string
  text: string
  faintText: string
  font: string
  /** Of the plot, in CSS pixels. */
  width: number
  height: number
  drawPlot(ctx: CanvasRenderingContext2D): void
}

const pad = 16
const titleHeight = 22
const legendHeight = 22
const minWidth = 320
const besideTitle = 8

interface Layout {
  width: number
  height: number
  /** Where each entry of the legend starts, from the upper left corner of the legend. */
  entries: { entry: LegendEntry; x: number; y: number }[]
}

const titleFont = (font: string): string => `600 12px ${font}`
const wordsFont = (font: string): string => `11px ${font}`

function layOut({ width, height, title, caption, legend, font }: Picture): Layout {
  const ruler = document.createElement('canvas').getContext('2d')
  const widthOf = (words: string, set: string): number => {
    if (ruler) ruler.font = set
    return ruler?.measureText(words).width ?? 80
  }
  // A small plot must not cut off what stands above it.
  const head = widthOf(title, titleFont(font)) + besideTitle + widthOf(caption, wordsFont(font))
  const inner = Math.ceil(Math.max(minWidth, width, head))
  let [x, y] = [0, 0]
  const entries = legend.map((entry) => {
    const entryWidth = 20 + widthOf(entry.name, wordsFont(font))
    if (x > 0 && x + entryWidth > inner) [x, y] = [0, y + legendHeight]
    const place = { entry, x, y }
    x += entryWidth + 14
    return place
  })
  const legendLines = legend.length === 0 ? 0 : y + legendHeight
  return { width: inner + 2 * pad, height: Math.ceil(height) + titleHeight + legendLines + 2 * pad, entries }
}

/** @param scale  device pixels in a CSS pixel */
export function toPng(picture: Picture, scale: number): Promise<Blob> {
  const layout = layOut(picture)
  const { width, height } = layout
  const canvas = document.createElement('canvas')
  canvas.width = width * scale
  canvas.height = height * scale
  const ctx = canvas.getContext('2d')
  if (ctx === null) throw new Error('This window has no canvas to draw on.')
  ctx.scale(scale, scale)
  drawPicture(ctx, picture, layout)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.'))),
      'image/png',
    ),
  )
}

/** The same in lines and letters instead of pixels. */
export function toSvg(picture: Picture): string {
  const layout = layOut(picture)
  const ctx = new SvgContext({ width: layout.width, height: layout.height })
  drawPicture(ctx as unknown as CanvasRenderingContext2D, picture, layout)
  return ctx.getSerializedSvg(true)
}

function drawPicture(ctx: CanvasRenderingContext2D, picture: Picture, layout: Layout): void {
  const { width, height, entries } = layout
  const { title, caption, text, faintText, font } = picture
  ctx.fillStyle = picture.ground
  ctx.fillRect(0, 0, width, height)
  ctx.textBaseline = 'alphabetic'
  ctx.textAlign = 'left'
  ctx.font = titleFont(font)
  ctx.fillStyle = text
  ctx.fillText(title, pad, pad + 12)
  const titleWidth = ctx.measureText(title).width
  ctx.font = wordsFont(font)
  ctx.fillStyle = faintText
  ctx.fillText(caption, pad + titleWidth + besideTitle, pad + 12)
  for (const { entry, x, y } of entries) drawEntry(ctx, entry, text, pad + x, pad + titleHeight + y)
  ctx.save()
  ctx.translate(pad, height - pad - Math.ceil(picture.height))
  picture.drawPlot(ctx)
  ctx.restore()
}

function drawEntry(
  ctx: CanvasRenderingContext2D,
  { kind, colour, dash, name }: LegendEntry,
  text: string,
  x: number,
  top: number,
): void {
  const middle = top + 8
  ctx.save()
  if (kind === 'line') {
    ctx.strokeStyle = colour
    ctx.lineWidth = 2
    ctx.setLineDash([...dash])
    ctx.beginPath()
    ctx.moveTo(x, middle)
    ctx.lineTo(x + 14, middle)
    ctx.stroke()
  } else {
    ctx.fillStyle = colour
    ctx.fillRect(x, middle - 4, 12, 8)
  }
  ctx.restore()
  ctx.fillStyle = text
  ctx.fillText(name, x + 20, middle + 4)
}
