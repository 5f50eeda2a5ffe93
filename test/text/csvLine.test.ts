import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine } from '#shared/text/csvLine.ts'

describe('a spreadsheet computes nothing that a name of a run or a file says', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['=cmd|"/c calc"!A1', `"'=cmd|""/c calc""!A1"`],
    ['+49 30', "'+49 30"],
    ['-best', "'-best"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['＝1+1', "'＝1+1"],
    ['-1+cmd', "'-1+cmd"],
    ['- 1', "'- 1"],
  ])('%j is text', (cell, written) => {
    expect(csvLine([cell], '\n')).toBe(`${written}\n`)
  })

  test('where semicolons part cells, what follows one begins none', () => {
    expect(csvLine(['run;=1+1'], '\n')).toBe('"run;=1+1"\n')
  })

  test('no cell of a line begins like a formula, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",;x1 ') })), (cells) => {
        const line = csvLine(cells, '\n')
        for (const cell of `,${line.slice(0, -1)}`.matchAll(/,("(?:[^"]|"")*"|[^,]*)/g)) {
          const text = cell[1].replace(/^"([^]*)"$/, '$1')
          if (/^[=+\-@\t\r]/.test(text)) expect(Number.isFinite(Number(text))).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

test('numbers stay numbers, also as text, and what is none is empty', () => {
  expect(csvLine([-0.5, '-1e-5', '+3', 1e21, Number.NaN, null, undefined, -Infinity])).toBe(
    '-0.5,-1e-5,+3,1e+21,,,,-Infinity\r\n',
  )
})

test('commas, quotes and line ends are quoted', () => {
  expect(csvLine(['a,b', 'say "x"', 'two\nlines'], '\n')).toBe('"a,b","say ""x""","two\nlines"\n')
})
