import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesQuery } from '#shared/query/matchesQuery.ts'
import { parseQuery } from '#shared/query/parseQuery.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeRun } from '../renderer/makeRun.ts'

const finds = (text: string, change: Parameters<typeof makeRun>[0] = {}): boolean =>
  matchesQuery(parseQuery(text), makeRun(change))

describe('a query finds the runs it describes', () => {
  test.each([
    ['', true],
    ['rho<=0.05 cost<0.4 tag:thesis status:finished', true],
    ['rho<0.01', false],
    ['rho<=0.01', true],
    ['rho>=0.01', true],
    ['rho>0.01', false],
    ['ρ=1e-2', true],
    ['lambda=1e−4', true],
    ['lambda:0.0001', true],
    ['λ!=0.0001', false],
    ['hidden=25 beta=3', true],
    ['tag:the', true],
    ['tag=the', false],
    ['tag="fig 3"', true],
    ['-tag:thesis', false],
    ['-tag:other', true],
    ['status!=failed', true],
    ['-status!=failed', false],
    ['fig seed', true],
    ['NATURE', true],
    ['"3, seed"', true],
    ['"seed, 3"', false],
    ['-control', true],
    ['-fig', false],
    ['optimizer:l-bfgs', true],
    ['engine:onnx', true],
    ['dataset=nature-13', true],
    ['dead=0', true],
    ['sweep:3', false],
    ['-sweep:3', true],
    ['rhohat>0.01', true],
  ])('%s', (text, expected) => {
    expect(parseQuery(text).problem).toBeNull()
    expect(finds(text)).toBe(expected)
  })

  test('a setting that only differs by rounding is the same', () => {
    expect(finds('rho=0.3', { config: { ...defaultConfig, rho: 0.1 + 0.2 } })).toBe(true)
    expect(finds('rho<0.30000000000000004', { config: { ...defaultConfig, rho: 0.3 } })).toBe(false)
  })

  test('a run without a cost yet is neither below nor above one', () => {
    const queued = { cost: null } as const
    expect(finds('cost<1', queued)).toBe(false)
    expect(finds('cost>1', queued)).toBe(false)
    expect(finds('-cost<1', queued)).toBe(true)
  })
})

describe('what is still being typed or makes no sense', () => {
  test.each(['rho', 'rho<', 'rho<=', 'tag:', 'tag:"', '-', '"', '""'])('%s breaks nothing', (text) => {
    const query = parseQuery(text)
    expect(query.problem).toBeNull()
    // "rho" alone is a word; the rest says nothing yet.
    expect(query.terms.length).toBe(text === 'rho' ? 1 : 0)
  })

  test.each([
    ['foo:3', 'no field “foo”'],
    ['rho<x', '“x” is not a number'],
    ['hidden:many', '“many” is not a number'],
    ['tag<3', 'tag is text'],
    ['lambda<0,001', 'write decimals with a point: 0.001'],
    ['hidden>1.000', 'could be 1000 or 1'],
    ['constructor:1', 'no field “constructor”'],
  ])('%s is named and left out', (text, sentence) => {
    const query = parseQuery(`seed ${text}`)
    expect(query.problem).toContain(sentence)
    expect(query.terms).toHaveLength(1)
    expect(query.pieces.at(-1)?.kind).toBe('problem')
  })
})

const token = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('rho', 'cost', 'tag', '<=', '!=', ':', '"', '-', ' ', '0.05', 'ρ̂', 'ρ', '1e−4'),
)

describe('any text at all', () => {
  test('is coloured without losing or adding a character, and never throws', () => {
    fc.assert(
      fc.property(fc.array(token), (tokens) => {
        const text = tokens.join('')
        const query = parseQuery(text)
        expect(query.pieces.map((piece) => piece.text).join('')).toBe(text)
        expect(typeof matchesQuery(query, makeRun())).toBe('boolean')
      }),
    )
  })

  test('a condition and its negation never both hold', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('rho', 'cost', 'hidden', 'lambda'),
        fc.constantFrom('<', '<=', '>', '>=', '='),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (field, operator, value) => {
          const text = `${field}${operator}${value}`
          expect(finds(text)).toBe(!finds(`-${text}`))
        },
      ),
    )
  })
})
