import * as fc from 'fast-check'
import { isVNode, type VNode } from 'vue'
import { describe, expect, test } from 'vitest'
import { markdownNodes } from '../../../renderer/components/notes/markdownNodes.ts'

/** Elements and text as `tag(children)`, with every property that an element was given. */
function drawn(nodes: unknown): string {
  if (Array.isArray(nodes)) return nodes.map(drawn).join('')
  if (!isVNode(nodes)) return String(nodes)
  const { type, props, children } = nodes as VNode
  return `${String(type)}${props ? JSON.stringify(props) : ''}(${drawn(children ?? '')})`
}

describe('notes in Markdown', () => {
  test.each([
    ['plain', 'p(plain)'],
    ['# Title', 'h4(Title)'],
    ['- one\n- **two**', 'ul(li(one)li(strong(two)))'],
    ['`rho`', 'p(code(rho))'],
    ['```\na < b\n```', 'pre(code(a < b\n))'],
    ['a  \nb', 'p(abr()b)'],
  ])('%j', (text, expected) => expect(drawn(markdownNodes(text))).toBe(expected))

  test('a link is text with its address, never something that leads away', () => {
    const shown = drawn(markdownNodes('[paper](https://example.org/x)'))
    expect(shown).toBe('p(span{"class":"link"}(paperspan{"class":"address"}( (https://example.org/x))))')
    expect(drawn(markdownNodes('![plot](https://example.org/plot.png)'))).toBe('p(em(plot))')
  })

  test('HTML stays the text that it is', () => {
    expect(drawn(markdownNodes('<img src=x onerror=alert(1)>'))).toBe('p(<img src=x onerror=alert(1)>)')
  })

  test('no text whatever makes an element that loads, leads away or runs', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '<script>',
        '](javascript:alert(1))',
        '[a',
        '![',
        '<a href="x">',
        '|a|\n|-|\n',
        '> ',
        '\n\n',
      ),
    )
    const harmless = /^(p|ul|ol|li|blockquote|hr|br|em|strong|s|code|pre|table|thead|tbody|tr|th|td|h4|span)$/
    const check = (node: unknown): void => {
      if (Array.isArray(node)) return node.forEach(check)
      if (!isVNode(node)) return
      expect(String(node.type)).toMatch(harmless)
      expect(Object.keys(node.props ?? {}).filter((name) => name !== 'class')).toEqual([])
      check(node.children)
    }
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => check(markdownNodes(pieces.join('')))),
    )
  })
})
