import { expect, test } from 'vitest'
import { isLocalUrl } from '#main/app/security.ts'

test.each([
  'rho-lab://app/index.html',
  'blob:rho-lab://app/1b9d',
  'data:image/png;base64,AA==',
  'devtools://devtools/',
])('%s stays on this computer', (url) => expect(isLocalUrl(url)).toBe(true))

test.each([
  'http://127.0.0.1/',
  'https://example.org/',
  'ws://127.0.0.1/',
  'ftp://example.org/',
  'file:///etc/passwd',
  'chrome://gpu/',
  'rho-labs://app/',
  'HTTP://EXAMPLE.ORG/',
  '',
  'nonsense',
])('"%s" is blocked', (url) => expect(isLocalUrl(url)).toBe(false))
