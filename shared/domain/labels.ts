/** Class labels of a dataset's patches. */
export interface Labels {
  /** Names of the classes, in order: numbers by size, text by code unit. */
  classes: string[]
  /** Of each patch, the index of its class. */
  indices: Int32Array
}

/** A class as it is shown: its name, and how many patches have it. */
export interface LabelClass {
  name: string
  count: number
}

/** @param names of each patch */
export function labelsOf(names: readonly string[]): Labels {
  const classes = [...new Set(names)].toSorted(byNumberOrText)
  const indexOf = new Map(classes.map((name, index) => [name, index]))
  return { classes, indices: Int32Array.from(names, (name) => indexOf.get(name) ?? 0) }
}

function byNumberOrText(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)]
  const areNumbers = a.trim() !== '' && b.trim() !== '' && !Number.isNaN(x) && !Number.isNaN(y)
  return areNumbers && x !== y ? x - y : a < b ? -1 : Number(a > b)
}

export function countClasses({ classes, indices }: Labels): LabelClass[] {
  const counts = new Uint32Array(classes.length)
  for (const index of indices) counts[index] += 1
  return classes.map((name, index) => ({ name, count: counts[index] }))
}

/** "10 classes: 0 (980), 1 (1135), …", so many of them as one reads. */
export function classesText(classes: readonly LabelClass[], most = 12): string {
  const shown = classes.slice(0, most).map(({ name, count }) => `${name} (${count})`)
  const more = classes.length > most ? ` and ${classes.length - most} more` : ''
  return `${classes.length} ${classes.length === 1 ? 'class' : 'classes'}: ${shown.join(', ')}${more}`
}
