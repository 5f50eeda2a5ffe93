import { expect, test } from 'vitest'
import { defaultLibraryFolder } from '#main/cli/defaultLibrary.ts'

// Paths of other systems are put together as this one does.
test.skipIf(process.platform === 'win32').each([
  ['linux', {}, '/home/a/.config/Rho Lab/library'],
  ['linux', { XDG_CONFIG_HOME: '/cfg' }, '/cfg/Rho Lab/library'],
  ['linux', { XDG_CONFIG_HOME: '' }, '/home/a/.config/Rho Lab/library'],
  ['darwin', { XDG_CONFIG_HOME: '/cfg' }, '/home/a/Library/Application Support/Rho Lab/library'],
  ['win32', { APPDATA: '/roaming' }, '/roaming/Rho Lab/library'],
  ['win32', { APPDATA: '' }, '/home/a/AppData/Roaming/Rho Lab/library'],
] as const)(
  'on %s with %j the command line opens the window’s own library',
  (platform, environment, folder) => {
    expect(defaultLibraryFolder(platform, environment, '/home/a')).toBe(folder)
  },
)
