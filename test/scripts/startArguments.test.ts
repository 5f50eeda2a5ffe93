import { describe, expect, it } from 'vitest'
import { hasDisplay, readStartArguments } from '../../scripts/startArguments.ts'

describe('readStartArguments', () => {
  it('allows the fallback only when asked by name, and keeps that from the app', () => {
    expect(readStartArguments(['--fallback-electron', '--window-size=900x700'])).toMatchObject({
      allowFallback: true,
      appArguments: ['--window-size=900x700'],
    })
    expect(readStartArguments([])).toEqual({
      allowFallback: false,
      appArguments: [],
      library: undefined,
    })
  })

  it.each([
    [['--library', '/lab'], '/lab'],
    [['--library=/a=b'], '/a=b'],
    [['--window-size=1x1', '--library', '/lab'], '/lab'],
    [['--library'], undefined],
    [['--window-size=1x1'], undefined],
  ])('hands the demo the library out of %j', (given, library) => {
    expect(readStartArguments(given).library).toBe(library)
  })
})

describe('hasDisplay', () => {
  it('knows X11 and Wayland, and that macOS and Windows always have one', () => {
    expect(hasDisplay({}, 'linux')).toBe(false)
    expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false)
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true)
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
    expect(hasDisplay({}, 'darwin')).toBe(true)
    expect(hasDisplay({}, 'win32')).toBe(true)
  })
})
