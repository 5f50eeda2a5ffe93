/** A colour in OKLab, in which equal distances look equal. @see Ottosson 2020 */
type Lab = readonly [lightness: number, a: number, b: number]

const toLinear = (level: number): number =>
  level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4
const toLevel = (linear: number): number =>
  255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055)

/** @param hex `#rrggbb` */
function toLab(hex: string): Lab {
  const [r, g, b] = [1, 3, 5].map((at) => toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255))
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function toRgb([lightness, a, b]: Lab): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    toLevel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toLevel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toLevel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

/** How many steps a map has on either side of its middle. */
const steps = 64

/**
 * Colours from one end over a middle to the other, in steps that look equal. Blue and orange can be told apart with
 * every kind of colour blindness.
 * @returns 129 colours of 3 levels each
 */
export function divergingColours(low: string, middle: string, high: string): Uint8ClampedArray {
  const [first, centre, last] = [toLab(low), toLab(middle), toLab(high)]
  const colours = new Uint8ClampedArray(3 * (2 * steps + 1))
  for (let k = -steps; k <= steps; k++) {
    const end = k < 0 ? first : last
    const share = Math.abs(k) / steps
    const mixed = centre.map((value, i) => value + share * (end[i] - value)) as unknown as Lab
    colours.set(toRgb(mixed), 3 * (k + steps))
  }
  return colours
}

/** Which of the colours stands for a value from −1 to 1; what lies beyond is the last on its side. */
export const colourIndex = (value: number): number =>
  steps + Math.round(steps * Math.max(-1, Math.min(1, Number.isNaN(value) ? -1 : value)))
