/** Cuts text into lines, from pieces of any length. */
export interface TextLines {
  /** The lines that a piece ends, without their line feeds. */
  add(piece: string): Generator<string>
  /** What stands after the last line feed. */
  rest(): string
  /** Characters that were looked through so far: no more than were added. */
  looked(): number
}

/**
 * Looks through each piece once, however many of them one line takes.
 * @param longest  characters that a line may have
 * @param tooLong  what is thrown for a longer one
 */
export function createTextLines(longest: number, tooLong: () => Error): TextLines {
  let begun: string[] = []
  let begunLength = 0
  let looked = 0

  function keep(part: string): void {
    begunLength += part.length
    if (begunLength > longest) throw tooLong()
    if (part !== '') begun.push(part)
  }

  function whole(): string {
    const line = begun.join('')
    begun = []
    begunLength = 0
    return line
  }

  return {
    *add(piece) {
      let from = 0
      while (from < piece.length) {
        const found = piece.indexOf('\n', from)
        const end = found < 0 ? piece.length : found
        looked += end - from
        keep(piece.slice(from, end))
        if (found >= 0) yield whole()
        from = end + 1
      }
    },
    rest: whole,
    looked: () => looked,
  }
}

/** What stands between two cells of a line; null for any white space. */
export type Separator = ',' | ';' | '\t' | null

/**
 * Goes through the cells of a line, none of them kept. A cell in quotes may hold what separates others.
 * @returns how many there are
 */
export function eachCell(
  line: string,
  separator: Separator,
  see: (cell: string, column: number) => void = () => {},
): number {
  const gap = /\s+/g
  for (let from = 0, column = 0; ; column++) {
    let end: number
    let next: number
    const quoted = endOfQuotes(line, from)
    if (separator === null) {
      gap.lastIndex = quoted
      const found = gap.exec(line)
      end = found?.index ?? -1
      next = gap.lastIndex
    } else {
      end = line.indexOf(separator, quoted)
      next = end + 1
    }
    if (end < 0) {
      see(line.slice(from), column)
      return column + 1
    }
    see(line.slice(from, end), column)
    from = next
  }
}

/** Where a cell that starts in quotes leaves them; its start where it has none, or only one. */
function endOfQuotes(line: string, from: number): number {
  let at = from
  while (line[at] === ' ') at++
  if (line[at] !== '"') return from
  for (let end = line.indexOf('"', at + 1); end >= 0; end = line.indexOf('"', end + 2)) {
    // Two of them are one in the text.
    if (line[end + 1] !== '"') return end + 1
  }
  return from
}

export const unquoted = (cell: string): string => cell.trim().replace(/^"(.*)"$/, '$1')

/** The cells of a line, without their quotes. */
export function cellsOf(line: string, separator: Separator): string[] {
  const cells: string[] = []
  eachCell(line, separator, (cell) => cells.push(unquoted(cell).replaceAll('""', '"')))
  return cells
}

export function separatorOf(line: string): Separator {
  for (const separator of [';', '\t', ','] as const) if (line.includes(separator)) return separator
  return null
}
