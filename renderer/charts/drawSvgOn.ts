import { plainColour } from './plainColour.ts'

/**
 * Draws what an SVG of the page is made of (rectangles, lines, curves of points and words) once more, onto a canvas's
 * context, in CSS pixels from (0, 0): as the page shows it, so with the colours and fonts of its style sheets.
 * @param scale  of places and lengths; lines and words stay as they are
 */
export function drawSvgOn(svg: SVGSVGElement, ctx: CanvasRenderingContext2D, scale: number): void {
  for (const shape of svg.querySelectorAll<SVGGraphicsElement>('rect, line, polyline, text')) {
    const style = getComputedStyle(shape)
    const { e: left, f: top } = shape.getCTM() ?? { e: 0, f: 0 }
    ctx.save()
    ctx.scale(scale, scale)
    ctx.translate(left, top)
    ctx.globalAlpha = Number(style.opacity)
    if (shape instanceof SVGTextElement) drawWords(ctx, shape, style, scale)
    else drawLines(ctx, shape, style, scale)
    ctx.restore()
  }
}

function drawWords(
  ctx: CanvasRenderingContext2D,
  text: SVGTextElement,
  style: CSSStyleDeclaration,
  scale: number,
): void {
  const aligns: Record<string, CanvasTextAlign> = { middle: 'center', end: 'right' }
  ctx.font = `${style.fontWeight} ${Number.parseFloat(style.fontSize) / scale}px ${style.fontFamily}`
  ctx.fillStyle = plainColour(style.fill)
  ctx.textAlign = aligns[style.textAnchor] ?? 'left'
  ctx.textBaseline = 'alphabetic'
  const [x, y] = ['x', 'y'].map((name) => Number(text.getAttribute(name)))
  ctx.fillText(text.textContent?.trim() ?? '', x, y)
}

function drawLines(
  ctx: CanvasRenderingContext2D,
  shape: SVGElement,
  style: CSSStyleDeclaration,
  scale: number,
): void {
  ctx.beginPath()
  if (shape instanceof SVGRectElement) {
    const [x, y, width, height] = [shape.x, shape.y, shape.width, shape.height].map(
      ({ baseVal }) => baseVal.value,
    )
    ctx.rect(x, y, width, height)
  } else if (shape instanceof SVGLineElement) {
    ctx.moveTo(shape.x1.baseVal.value, shape.y1.baseVal.value)
    ctx.lineTo(shape.x2.baseVal.value, shape.y2.baseVal.value)
  } else if (shape instanceof SVGPolylineElement) {
    for (const { x, y } of shape.points) ctx.lineTo(x, y)
  }
  if (style.fill !== 'none' && !(shape instanceof SVGLineElement)) {
    ctx.fillStyle = plainColour(style.fill)
    ctx.fill()
  }
  if (style.stroke === 'none') return
  ctx.strokeStyle = plainColour(style.stroke)
  ctx.lineWidth = Number.parseFloat(style.strokeWidth) / scale
  ctx.setLineDash(
    style.strokeDasharray === 'none'
      ? []
      : style.strokeDasharray.split(',').map((length) => Number.parseFloat(length) / scale),
  )
  ctx.stroke()
}
