// V8 aborts like any crash, and a failed allocation is an error like any other: only their words tell.
const words =
  /out of memory|could not allocate memory|Array buffer allocation failed|heap limit|bad_alloc|Invalid typed array length/i

/** Whether these are the words of a program that got no memory. @param said  a message, or the end of what was printed */
export const isOutOfMemory = (said: string): boolean => words.test(said)

/** What to do about it: the end of a sentence. */
export const memoryMend = 'Take fewer patches or hidden units, or close other programs.'
