/** As `#rrggbb`, whatever function of CSS it is: other programs read SVG too. */
export function plainColour(colour: string): string {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const ctx = canvas.getContext('2d')
  if (ctx === null) return colour
  ctx.fillStyle = colour
  ctx.fillRect(0, 0, 1, 1)
  const [red, green, blue] = ctx.getImageData(0, 0, 1, 1).data
  return `#${[red, green, blue].map((level) => level.toString(16).padStart(2, '0')).join('')}`
}
