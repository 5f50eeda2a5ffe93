// V8 aborts like any crash, and a failed allocation is an error like any other: only their words tell. The last ones are
// those of a thread that got no stack.
const words = [
  'out of memory',
  'could not allocate memory',
  'Array buffer allocation failed',
  'Invalid typed array length',
  'heap limit',
  'bad_alloc',
  'Resource temporarily unavailable',
].map((text) => text.toLowerCase())

/** Whether these are the words of a program that got no memory. @param said  a message, or the end of what was printed */
export function isOutOfMemory(said: string): boolean {
  const lower = said.toLowerCase()
  return words.some((text) => lower.includes(text))
}

/** What to do about it: the end of a sentence. */
export const memoryMend = 'Take fewer patches or hidden units, or close other programs.'
