import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable, printableLine } from '#shared/text/printable.ts'

test.each([
  ['an escape sequence', '\u001b[31mred\u001b[0m', '\\u001b[31mred\\u001b[0m'],
  ['one of C1', '\u009b2J', '\\u009b2J'],
  ['a bell, a backspace, DEL', '\u0007\b\u007f', '\\u0007\\u0008\\u007f'],
  ['a return that overwrites the line', 'safe\rlab: evil', 'safe\\u000dlab: evil'],
  ['what turns the direction of writing', 'a\u202egnp.exe\u2066', 'a\\u202egnp.exe\\u2066'],
])('%s is written out', (_what, text, shown) => {
  expect(printable(text)).toBe(shown)
})

test('letters of all languages, pictures and line ends stay', () => {
  const text = 'ρ̂ Ä 日本語 עברית 👩‍🔬\n\tend\r\n'
  expect(printable(text)).toBe(text)
})

test('a sentence stays in its line', () => {
  expect(printableLine('a\nlab: forged\r\n\tx')).toBe('a\\u000alab: forged\\u000d\\u000a\\u0009x')
})

test('JSON stays the same document, whatever its strings hold', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (json) => {
      const shown = printable(JSON.stringify(JSON.parse(json), null, 2))
      expect(JSON.parse(shown)).toEqual(JSON.parse(json))
      // eslint-disable-next-line no-control-regex
      expect(shown).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/)
    }),
  )
})
