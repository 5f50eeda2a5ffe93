import MarkdownIt from 'markdown-it'
import { h, type VNodeChild } from 'vue'

// Raw HTML stays text; what looks like an address is not made a link.
const parser = new MarkdownIt({ html: false, linkify: false })
type Token = ReturnType<typeof parser.parse>[number]

/** Elements that Markdown may become: nothing that navigates, loads or runs. */
const elements = new Set([
  ...['p', 'ul', 'ol', 'li', 'blockquote', 'hr', 'br', 'em', 'strong', 's', 'code', 'pre'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
])

/** Headings of notes stand below those of the page. */
const elementOf = (tag: string): string => (/^h[1-6]$/.test(tag) ? 'h4' : elements.has(tag) ? tag : 'span')

interface Open {
  tag: string
  href: string | null
  children: VNodeChild[]
}

/**
 * Markdown as nodes: built from the parser's tokens, never from a string of HTML. Links are shown with their address,
 * which cannot be followed; an image is shown as its description.
 */
export function markdownNodes(text: string): VNodeChild[] {
  return nodesOf(parser.parse(text, {}))
}

function nodesOf(tokens: readonly Token[]): VNodeChild[] {
  const stack: Open[] = [{ tag: '', href: null, children: [] }]
  for (const token of tokens) {
    if (token.hidden) continue
    if (token.nesting === 1) {
      stack.push({ tag: elementOf(token.tag), href: token.attrGet('href')?.toString() ?? null, children: [] })
    } else if (token.nesting === -1 && stack.length > 1) {
      const closed = stack.pop()!
      stack.at(-1)!.children.push(elementNode(closed))
    } else {
      stack.at(-1)!.children.push(...leafNodes(token))
    }
  }
  return stack[0].children
}

function elementNode({ tag, href, children }: Open): VNodeChild {
  if (href === null) return h(tag, children)
  const [only] = children
  // An address in angle brackets is its own text.
  const address =
    children.length === 1 && only === href ? [] : [h('span', { class: 'address' }, ` (${href})`)]
  return h('span', { class: 'link' }, [...children, ...address])
}

function leafNodes(token: Token): VNodeChild[] {
  switch (token.type) {
    case 'inline':
      return nodesOf(token.children ?? [])
    case 'code_inline':
      return [h('code', token.content)]
    case 'fence':
    case 'code_block':
      return [h('pre', h('code', token.content))]
    case 'softbreak':
      return ['\n']
    case 'hardbreak':
      return [h('br')]
    case 'hr':
      return [h('hr')]
    case 'image':
      return [h('em', token.content || 'image')]
    default:
      return [token.content]
  }
}
