/** Types of data elements in a MAT-file of version 5. @see MathWorks, MAT-File Format, table 1-1 */
export const elementTypes = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  int64: 12,
  uint64: 13,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
} as const

/** Classes of arrays, as far as they matter here; 6 to 15 are numbers. */
export const arrayClasses = { char: 4, double: 6, largestNumeric: 15 } as const

/** The file's own header: text, version, and the marks of the byte order. */
export const matHeaderBytes = 128
export const matVersion = 0x0100

/** Every element is padded to a multiple of this. */
export const padded = (length: number) => Math.ceil(length / 8) * 8
