import { expect, test } from 'vitest'
import { bundlesAmong, labCommand, readArguments } from '#main/app/arguments.ts'

const argv = (...args: string[]) => ['/opt/electron', '/opt/rho-lab', ...args]

test('without arguments the default library and the remembered size are taken, with the sandbox on', () => {
  expect(readArguments(argv())).toEqual({ library: null, windowSize: null, sandbox: true })
})

test.each([[['--library', '/tmp/my lab']], [['--library=/tmp/my lab']]])('%j names the library', (args) => {
  expect(readArguments(argv(...args)).library).toBe('/tmp/my lab')
})

test('a switch of Chromium is not taken for the library', () => {
  expect(readArguments(argv('--library-of-something=1', '--no-sandbox'))).toEqual({
    library: null,
    windowSize: null,
    sandbox: false,
  })
})

test.each([[['--library']], [['--library=']], [['--library', '--no-sandbox']]])(
  '%j is refused: it names no folder',
  (args) => {
    expect(() => readArguments(argv(...args))).toThrow('--library needs a folder')
  },
)

test('a window size is read', () => {
  expect(readArguments(argv('--window-size=1280x800')).windowSize).toEqual({ width: 1280, height: 800 })
})

test.each(['', 'large', '1280', '1280x', '-5x800', '1e3x800'])('the window size "%s" is refused', (size) => {
  expect(() => readArguments(argv(`--window-size=${size}`))).toThrow('is no size')
})

test('a double-clicked bundle is found among the switches, relative to where the app was started', () => {
  expect(
    bundlesAmong(argv('--no-sandbox', 'edges.rholab', '/tmp/My Runs.RHOLAB', 'notes.txt'), '/home/a'),
  ).toEqual(['/home/a/edges.rholab', '/tmp/My Runs.RHOLAB'])
})

test.skipIf(process.platform === 'win32')(
  'a bundle that is double-clicked on a Linux desktop is found by its address',
  () => {
    const addresses = ['file:///home/a/My%20Runs.rholab', 'file://elsewhere/b.rholab', 'file:///%2F.rholab']
    expect(bundlesAmong(argv(...addresses), '/tmp')).toEqual(['/home/a/My Runs.rholab'])
  },
)

test.each([
  [[], null],
  [['--library', '/tmp/lab'], null],
  [
    ['--no-sandbox', '--lab', '--', 'runs', '--json'],
    ['runs', '--json'],
  ],
  [['--lab', 'runs'], ['runs']],
  [['--lab'], []],
])('%j runs the command %j', (args, command) => expect(labCommand(argv(...args))).toEqual(command))
