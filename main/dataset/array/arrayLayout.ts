import { countOf, type StoredArray } from './storedArray.ts'

/** What an array is good for. */
export type ArrayLayout = MatrixLayout | StackLayout | { use: null; reason: string }

/** A patch in each row. */
export interface MatrixLayout {
  use: 'patches'
  m: number
  n: number
}

/** Images, and where their pixels lie in memory. */
export interface StackLayout {
  use: 'images'
  count: number
  height: number
  width: number
  /** Values a pixel: grey, RGB, or RGB and an alpha that is not read. */
  planes: 1 | 3 | 4
  /** Steps in memory from one to the next. */
  steps: { image: number; y: number; x: number; plane: number }
  /** The array is stacked the other way than files of its kind usually are; a sentence. */
  remark: string | null
}

const isColour = (length: number): length is 3 | 4 => length === 3 || length === 4

/**
 * How an array is understood: two dimensions are patches × values; three or four a stack of images, grey or in
 * colours, counted by the first index or the last, channels last or first. Lengths of 1 behind the first say nothing.
 * Where two neighbouring lengths are equal and the third is not, those two are the sides of the images.
 */
export function layoutOf(array: StoredArray): ArrayLayout {
  if (array.unfit !== null) return { use: null, reason: array.unfit }
  const { stackedBy } = array
  const whole = [...array.shape]
  const said = whole.join(' × ')
  const axes = whole.flatMap((length, axis) => (axis > 1 && length === 1 ? [] : [axis]))
  // (m, 1, h, w) is (m, h, w).
  if (axes.length > 2 && whole[1] === 1) axes.splice(1, 1)
  const shape = axes.map((axis) => whole[axis])
  if (shape.includes(0))
    return { use: null, reason: `holds no patches: its shape is ${said}. Save at least one row.` }
  if (shape.length === 2) {
    const [m, n] = shape
    // MATLAB's vectors are matrices too.
    if (n === 1 || (m === 1 && stackedBy === 'last')) {
      return { use: null, reason: `is ${said}. Give patches × pixels, or ${stackWords(stackedBy)}.` }
    }
    return { use: 'patches', m, n }
  }
  if (shape.length < 2) {
    const dimensions = `${shape.length} dimension${shape.length === 1 ? '' : 's'}`
    return {
      use: null,
      reason:
        shape.length === 1 && shape[0] > 1
          ? `has ${dimensions}, labels perhaps. Give the array of patches, and this one with --labels.`
          : `has ${dimensions}. Save patches × pixels: X.reshape(m, -1).`,
    }
  }
  const order = orderOf(shape, stackedBy, array.isStackedSurely === true)
  if (order === null) {
    return { use: null, reason: `is ${said}. Give patches × pixels, or ${stackWords(stackedBy)}.` }
  }
  const steps = stepsOf(whole, array.firstFastest)
  const axisOf = (letter: string) => axes[order.indexOf(letter)]
  const length = (letter: string) => (order.includes(letter) ? whole[axisOf(letter)] : 1)
  const step = (letter: string) => (order.includes(letter) ? steps[axisOf(letter)] : 0)
  const [count, height, width] = [length('m'), length('h'), length('w')]
  const isUsual = stackedBy === 'first' ? order.indexOf('m') <= 0 : !order.startsWith('m')
  return {
    use: 'images',
    count,
    height,
    width,
    planes: length('c') as 1 | 3 | 4,
    steps: { image: step('m'), y: step('h'), x: step('w'), plane: step('c') },
    remark: isUsual ? null : `${said} was taken as ${count} images of ${width} × ${height}.`,
  }
}

/** What each index counts: m images, h and w their sides, c channels. null where that cannot be told. */
function orderOf(shape: readonly number[], stackedBy: 'first' | 'last', isSure: boolean): string | null {
  const [a, b, c, d] = shape
  if (shape.length === 3) {
    if (isSure) return 'mhw'
    if (stackedBy === 'first' && isColour(c) && a > 4 && b > 4) return 'hwc'
    if (stackedBy === 'first') return a === b && b !== c ? 'hwm' : 'mhw'
    return b === c && a !== b ? 'mhw' : 'hwm'
  }
  if (shape.length !== 4) return null
  if (stackedBy === 'last') return c === 3 ? 'hwcm' : isColour(d) ? 'mhwc' : b === 3 ? 'mchw' : null
  if (isColour(d)) return 'mhwc'
  if (isColour(b)) return 'mchw'
  return c === 3 ? 'hwcm' : null
}

const stackWords = (stackedBy: 'first' | 'last') =>
  stackedBy === 'first' ? 'images × height × width' : 'height × width × images'

function stepsOf(shape: readonly number[], firstFastest: boolean): number[] {
  return shape.map((_, axis) => countOf(firstFastest ? shape.slice(0, axis) : shape.slice(axis + 1)))
}
