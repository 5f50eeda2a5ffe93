// C0 but for tabs and line ends, DEL and C1; what turns the direction of writing; what some programs take for a line's end.
const controls = /(?![\t\n]|\r\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * Text that may hold names out of files, for a terminal or a log: what would steer either is written out, as JSON does.
 * A text of JSON stays the same document.
 */
export const printable = (text: string): string => text.replace(controls, escaped)

/** The same for what stands in one line. */
export const printableLine = (text: string): string => printable(text).replace(/[\t\r\n]/g, escaped)
