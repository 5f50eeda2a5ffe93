/**
 * Room above the axes for their names, on two lines where they are many, and the largest value; below, for the smallest;
 * at the right, for letters.
 */
export const parallelPadding = { top: 48, right: 12, bottom: 20, left: 0 } as const

/** Less room than this beside each other, and values run into each other. */
export const leastAxisRoom = 56

/** Where the axis number k of so many stands, as a share of the width without the padding. */
export const axisShare = (k: number, count: number): number => (k + 0.5) / count
