import type { PowerSpectrum } from '#shared/domain/dataset.ts'

/** A spectrum on paper, both axes logarithmic: each curve as its points, "x y x y". */
export interface SpectrumPaper {
  before: string | null
  after: string | null
  /** Where frequencies are labelled. */
  marks: { x: number; text: string }[]
  /** Where decades of power are. */
  decades: { y: number; text: string }[]
}

const log = Math.log10
const superscript = (exponent: number): string =>
  `10${Array.from(String(exponent), (digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])).join('')}`

/** Lays a spectrum out; what has no power at all (a flat image) is left out. */
export function layOutSpectrum(
  { frequencies, before, after }: PowerSpectrum,
  width: number,
  height: number,
): SpectrumPaper | null {
  const powers = [...(before ?? []), ...(after ?? [])].filter((power) => power > 0)
  if (powers.length === 0 || frequencies.length < 2) return null
  const bottom = Math.floor(log(Math.min(...powers)))
  const top = Math.max(bottom + 1, Math.ceil(log(Math.max(...powers))))
  const [first, last] = [log(frequencies[0]), log(frequencies[frequencies.length - 1])]
  const xOf = (frequency: number) => ((log(frequency) - first) / (last - first)) * width
  const yOf = (power: number) => ((top - log(power)) / (top - bottom)) * height
  const curve = (values: number[] | null) =>
    values &&
    values
      .flatMap((power, k) =>
        power > 0 ? [`${xOf(frequencies[k]).toFixed(1)} ${yOf(power).toFixed(1)}`] : [],
      )
      .join(' ')
  const marked = [frequencies[0], 0.25, 0.5].filter(
    (frequency, k) => k === 0 || frequency > frequencies[0] * 1.5,
  )
  const step = Math.max(1, Math.ceil((top - bottom) / 4))
  return {
    before: curve(before),
    after: curve(after),
    marks: marked.map((frequency) => ({ x: xOf(frequency), text: String(Number(frequency.toPrecision(2))) })),
    decades: Array.from({ length: Math.floor((top - bottom) / step) + 1 }, (_, k) => ({
      y: yOf(10 ** (top - k * step)),
      text: superscript(top - k * step),
    })),
  }
}
