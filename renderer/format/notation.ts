import { notationOf } from '#shared/numbers/typedNumber.ts'

/** How the user's country writes numbers; the lab itself writes 1,234.5 everywhere. */
export const notation = notationOf(globalThis.window?.lab?.locale ?? 'en')
