import { describe, expect, it } from 'vitest'
import {
  chooseElectron,
  ElectronUnavailable,
  type ElectronSources,
} from '../../scripts/electron/chooseElectron.ts'

/** Sources that note in which order they are asked. */
function sourcesThatHave(
  has: { override?: boolean; official?: boolean },
  asked: string[] = [],
): ElectronSources {
  return {
    override: () => {
      asked.push('override')
      return has.override ? '/named/electron' : undefined
    },
    official: async () => {
      asked.push('official')
      if (!has.official) throw new Error('no route')
      return '/official/electron'
    },
    fallback: async () => {
      asked.push('fallback')
      return { executable: '/fallback/electron', sqliteBinding: '/fallback/sqlite.node' }
    },
  }
}

describe('chooseElectron', () => {
  it('takes the Electron that the environment names and downloads nothing', async () => {
    const asked: string[] = []
    const chosen = await chooseElectron(sourcesThatHave({ override: true, official: true }, asked), true)
    expect(chosen).toEqual({ executable: '/named/electron', origin: 'override', env: {} })
    expect(asked).toEqual(['override'])
  })

  it('prefers the official Electron, which brings its own better-sqlite3', async () => {
    const asked: string[] = []
    const chosen = await chooseElectron(sourcesThatHave({ official: true }, asked), true)
    expect(chosen).toEqual({ executable: '/official/electron', origin: 'official', env: {} })
    expect(asked).toEqual(['override', 'official'])
  })

  it('takes the fallback last, and hands the app the binding that fits it', async () => {
    const asked: string[] = []
    const chosen = await chooseElectron(sourcesThatHave({}, asked), true)
    expect(chosen).toEqual({
      executable: '/fallback/electron',
      origin: 'fallback',
      env: { RHO_LAB_SQLITE_BINDING: '/fallback/sqlite.node' },
    })
    expect(asked).toEqual(['override', 'official', 'fallback'])
  })

  it('never takes the fallback unasked, and says why and both ways out', async () => {
    const asked: string[] = []
    const refusal = await chooseElectron(sourcesThatHave({}, asked), false).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(ElectronUnavailable)
    const { message } = refusal as Error
    expect(message).toContain('no route')
    expect(message).toContain('ELECTRON_MIRROR')
    expect(message).toContain('npm start -- --fallback-electron')
    expect(asked).not.toContain('fallback')
  })
})
