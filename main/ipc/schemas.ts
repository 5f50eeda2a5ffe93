import { z } from 'zod'

/** Row id of a dataset or run. */
export const id = z.number().int().min(1)

/** Of a source that the user chose or dropped. */
export const token = z.string().max(64)

/** Runs at once: a table of ten thousand may ask for all of its rows. */
export const ids = z.array(id).max(10_000)

/** Of a hidden unit or an image, from 0. */
export const index = z.number().int().min(0).max(1_000_000)

/** An iteration; −1 stands before the first. */
export const iteration = z.number().int().min(-1)

/** The library says what else a name must be. */
export const name = z.string().max(1_000)

/** How the window's user writes numbers. */
export const notationSchema = z.strictObject({ decimal: z.enum(['.', ',']) })

export const tags = z.array(z.string().max(1_000)).max(100)
