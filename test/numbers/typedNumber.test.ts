import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { notationOf, pointNotation, readList, readNumber, unmistakable } from '#shared/numbers/typedNumber.ts'

const comma = notationOf('de')

describe('a number as a person types it', () => {
  test.each([
    ['0.0001', 1e-4],
    ['1e-4', 1e-4],
    ['1E−4', 1e-4],
    ['.5', 0.5],
    [' 25 ', 25],
    ['1 000 000', 1_000_000],
    ['1’000.5', 1_000.5],
    ['1,234.5', 1_234.5],
    ['1.234,5', 1_234.5],
    ['1,000,000', 1_000_000],
    ['12,34,567', 1_234_567],
    ['+3', 3],
    ['0.025', 0.025],
  ])('%s is read everywhere', (text, value) => {
    expect(readNumber(text, pointNotation)).toEqual({ value, problem: null })
    expect(readNumber(text, comma)).toEqual({ value, problem: null })
  })

  test.each([
    ['0,001', 0.001],
    ['0,025', 0.025],
    ['1,5', 1.5],
    ['1,5e-3', 0.0015],
    [',5', 0.5],
  ])(
    '%s is a decimal where commas write decimals, and refused elsewhere: never a thousand',
    (text, value) => {
      expect(readNumber(text, comma).value).toBe(value)
      const { value: elsewhere, problem } = readNumber(text, pointNotation)
      expect(elsewhere).toBeNaN()
      expect(problem).toContain('write decimals with a point')
    },
  )

  test.each([
    ['1.000', false, comma, '“1.000” could be 1000 or 1,0; write one of these.'],
    ['1.234', false, comma, '“1.234” could be 1234 or 1,2340; write one of these.'],
    ['1,250', false, comma, '“1,250” could be 1250 or 1,25; write one of these.'],
    ['1,250', false, pointNotation, '“1,250” could be 1250 or 1.25; write one of these.'],
    ['1.000', true, pointNotation, '“1.000” could be 1000 or 1; write one of these.'],
    ['10.000', true, comma, '“10.000” could be 10000 or 10; write one of these.'],
    ['1.234', true, comma, 'Write 1234 for “1.234”.'],
    ['0,001', false, pointNotation, '“0,001” has a decimal comma; write decimals with a point: 0.001.'],
  ])('%s that could be two numbers is refused with how to write it', (text, isCount, notation, sentence) => {
    const read = readNumber(text, notation, isCount)
    expect(read).toEqual({ value: Number.NaN, problem: sentence })
  })

  test('what is proposed is read as what it says', () => {
    expect(readNumber('1,2340', comma).value).toBe(1.234)
    expect(readNumber('1,0', comma).value).toBe(1)
    expect(readNumber(unmistakable('1.234'), comma).value).toBe(1.234)
  })

  test('a count with its thousands is one where commas group them', () => {
    expect(readNumber('10,000', pointNotation, true).value).toBe(10_000)
  })

  test.each([
    '',
    ' ',
    'x',
    '1.2.3',
    '0x10',
    'Infinity',
    '1e',
    '-',
    '1,2,3',
    '1e999',
    '0,001,000',
    '1.12.345',
  ])('%s is no number', (text) => {
    expect(readNumber(text, pointNotation)).toEqual({ value: Number.NaN, problem: null })
    expect(readNumber(text, comma)).toEqual({ value: Number.NaN, problem: null })
  })
})

const locales =
  'de fr sv en de-CH en-IN de-AT fr-CH it es pt-BR pt-PT nl da nb fi pl cs ru tr ja zh hi ar he fa en-ZA es-MX et lt sl id hu el'.split(
    ' ',
  )

describe.each(locales)('in %s', (locale) => {
  const notation = notationOf(locale)
  const anyNumber = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -2_000_000, max: 2_000_000 }).map((value) => value / 1_000),
    fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }),
  )
  const writers = [
    new Intl.NumberFormat(locale, { maximumSignificantDigits: 17 }),
    new Intl.NumberFormat(locale, { maximumSignificantDigits: 17, useGrouping: false }),
    new Intl.NumberFormat(locale, { maximumSignificantDigits: 17, notation: 'scientific' }),
    new Intl.NumberFormat(locale, { maximumFractionDigits: 3, minimumFractionDigits: 3 }),
  ]

  test('a number that was written so is read as it is or refused, never as another', () => {
    fc.assert(
      fc.property(anyNumber, fc.constantFrom(...writers), fc.boolean(), (value, writer, isCount) => {
        const meant = writer === writers[3] ? Math.round((value % 2e6) * 1e3) / 1e3 : value
        const { value: read } = readNumber(writer.format(meant), notation, isCount)
        expect(Number.isNaN(read) || read === meant, `${writer.format(meant)} is ${read}`).toBe(true)
      }),
    )
  })

  test('what the lab writes into a field is read back as it is', () => {
    const plain = fc.integer({ min: 1, max: 1e9 }).map((value) => value / 1e4)
    fc.assert(
      fc.property(plain, (value) => {
        expect(readNumber(unmistakable(String(value)), notation).value).toBe(value)
      }),
    )
  })
})

describe('a list', () => {
  const values = (text: string, notation = pointNotation, isCount = false) =>
    readList(text, notation, isCount).values

  test.each([
    ['0.01, 0.03, 0.1', [0.01, 0.03, 0.1]],
    ['.01,.05', [0.01, 0.05]],
    ['1e-3; 1e-4', [1e-3, 1e-4]],
    ['3', [3]],
    ['0.5, small', [0.5, 'small']],
  ])('%s is the same everywhere', (text, list) => {
    expect(values(text)).toEqual(list)
    expect(values(text, comma)).toEqual(list)
  })

  test('decimal commas are read where they are usual and something else separates', () => {
    expect(values('0,01; 0,5', comma)).toEqual([0.01, 0.5])
    expect(values('0,01, 0,5', comma)).toEqual([0.01, 0.5])
    expect(values('25,50', comma, true)).toEqual([25, 50])
    expect(values('0,1', pointNotation)).toEqual([0, 1])
  })

  test.each([
    ['0,001', pointNotation, false, '“0,001” could be one number or two; write 0.001 or 0.0,1.0.'],
    ['0,5', comma, false, '“0,5” could be one number or two; write 0.5 or 0.0,5.0.'],
    ['0,001,0,01', pointNotation, false, 'decimal commas'],
    ['10,000', pointNotation, true, 'Commas separate values'],
    ['0,5; 0,1', pointNotation, false, 'write decimals with a point: 0.5'],
  ])('%s is not cut into numbers that nobody meant', (text, notation, isCount, sentence) => {
    const read = readList(text, notation, isCount)
    expect(read.values).toEqual([])
    expect(read.problem).toContain(sentence)
  })
})
