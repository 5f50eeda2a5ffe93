/** Room above the axes for their names, on two lines where they are many, and the largest value; below, the smallest. */
export const parallelPadding = { top: 48, bottom: 20 } as const

/** Where the axis number k of so many stands, as a share of the width. */
export const axisShare = (k: number, count: number): number => (k + 0.5) / count
