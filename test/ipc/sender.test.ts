import type { BrowserWindow, WebContents, WebFrameMain } from 'electron'
import { describe, expect, test } from 'vitest'
import { isAppUrl, pageUrl } from '#main/app/rendererFiles.ts'
import { createSenderCheck } from '#main/ipc/sender.ts'

const frame = (url: string) => ({ url }) as WebFrameMain
const contents = (mainFrame: WebFrameMain) => ({ mainFrame }) as WebContents
const windowOf = (webContents: WebContents, destroyed = false) =>
  ({ webContents, isDestroyed: () => destroyed }) as BrowserWindow

const ownFrame = frame(pageUrl)
const ownContents = contents(ownFrame)
const check = createSenderCheck(() => windowOf(ownContents), isAppUrl)

test('the main frame of our window, with our page in it, may call', () => {
  expect(check({ sender: ownContents, senderFrame: ownFrame })).toBe(true)
})

describe('may not call:', () => {
  test('a frame inside our window, even with our page in it', () => {
    expect(check({ sender: ownContents, senderFrame: frame(pageUrl) })).toBe(false)
  })

  test('another window', () => {
    expect(check({ sender: contents(ownFrame), senderFrame: ownFrame })).toBe(false)
  })

  test.each([
    'https://app/',
    'file:///index.html',
    'rho-lab://app.evil/',
    'about:blank',
    'data:text/html,x',
    '',
  ])('our window with %s in it', (url) => {
    const elsewhere = frame(url)
    const navigated = contents(elsewhere)
    const check = createSenderCheck(() => windowOf(navigated), isAppUrl)
    expect(check({ sender: navigated, senderFrame: elsewhere })).toBe(false)
  })

  test('a frame that is gone', () => {
    expect(check({ sender: ownContents, senderFrame: null })).toBe(false)
  })

  test('anybody while there is no window', () => {
    expect(createSenderCheck(() => null, isAppUrl)({ sender: ownContents, senderFrame: ownFrame })).toBe(
      false,
    )
  })

  test('anybody once the window is destroyed', () => {
    const check = createSenderCheck(() => windowOf(ownContents, true), isAppUrl)
    expect(check({ sender: ownContents, senderFrame: ownFrame })).toBe(false)
  })
})
