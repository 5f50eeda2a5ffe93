import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTextLines, eachCell, type Separator } from '#main/dataset/array/textLines.ts'

const tooLong = () => new Error('too long')

function linesOf(pieces: readonly string[], longest = Infinity) {
  const lines = createTextLines(longest, tooLong)
  const cut = pieces.flatMap((piece) => [...lines.add(piece)])
  return { cut: [...cut, lines.rest()], looked: lines.looked() }
}

const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', ',', '\n', ' ') }), { maxLength: 40 })

describe('lines', () => {
  test('are those of the whole text, however it is cut, and each character is looked at once', () => {
    fc.assert(
      fc.property(pieces, (pieces) => {
        const { cut, looked } = linesOf(pieces)
        expect(cut).toEqual(pieces.join('').split('\n'))
        expect(looked).toBeLessThanOrEqual(pieces.join('').length)
      }),
    )
  })

  test('one of a million characters in a thousand pieces takes a million looks', () => {
    const piece = '0,'.repeat(500)
    const { cut, looked } = linesOf(Array.from({ length: 1000 }, () => piece))
    expect(cut).toEqual([piece.repeat(1000)])
    expect(looked).toBe(1_000_000)
  })

  test('one that is longer than the limit is refused before all of it is there', () => {
    const lines = createTextLines(10, tooLong)
    expect([...lines.add('0123456789')]).toEqual([])
    expect(() => [...lines.add('0')]).toThrow('too long')
  })
})

describe('cells', () => {
  const bySplit: [Separator, RegExp | string][] = [
    [',', ','],
    [';', ';'],
    ['\t', '\t'],
    [null, /\s+/],
  ]

  test.each(bySplit)('parted by %j are those that splitting gives', (separator, by) => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab,;\t  ') }), (text) => {
        const line = text.trim()
        const cells: string[] = []
        const count = eachCell(line, separator, (cell, column) => (cells[column] = cell))
        expect(cells).toEqual(line.split(by))
        expect(count).toBe(cells.length)
      }),
    )
  })
})
