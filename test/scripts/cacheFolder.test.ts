import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cachedFolder, cacheFolder } from '../../scripts/electron/cacheFolder.ts'
import { checkIntegrity } from '../../scripts/electron/integrity.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rho-lab-cache-'))
})
afterEach(() => rmSync(root, { recursive: true }))

describe('checkIntegrity', () => {
  const content = 'an Electron'
  const pinned = `sha512-${createHash('sha512').update(content).digest('base64')}`

  it('accepts the pinned file', async () => {
    writeFileSync(join(root, 'file'), content)
    await expect(checkIntegrity(join(root, 'file'), pinned)).resolves.toBeUndefined()
  })

  it('refuses a file that differs in one byte', async () => {
    writeFileSync(join(root, 'file'), 'an electron')
    await expect(checkIntegrity(join(root, 'file'), pinned)).rejects.toThrow(/not the file that was pinned/)
  })
})

async function breakOff(folder: string): Promise<void> {
  writeFileSync(join(folder, 'half'), 'x')
  throw new Error('no space')
}

async function makeSlowly(folder: string): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  writeFileSync(join(folder, 'file'), 'x')
}

describe('cachedFolder', () => {
  it('makes a folder once', async () => {
    let made = 0
    const make = async (folder: string): Promise<void> => {
      made++
      writeFileSync(join(folder, 'file'), 'x')
    }
    const folder = await cachedFolder('thing', make, root)
    expect(await cachedFolder('thing', make, root)).toBe(folder)
    expect(existsSync(join(folder, 'file'))).toBe(true)
    expect(made).toBe(1)
  })

  it('leaves nothing behind when making fails, so that the next run tries again', async () => {
    await expect(cachedFolder('thing', breakOff, root)).rejects.toThrow('no space')
    expect(readdirSync(root)).toEqual([])
  })

  it('gives two processes that race one whole folder', async () => {
    const folders = await Promise.all([
      cachedFolder('thing', makeSlowly, root),
      cachedFolder('thing', makeSlowly, root),
    ])
    expect(new Set(folders).size).toBe(1)
    expect(readdirSync(root)).toEqual(['thing'])
  })

  it('clears away what a killed run left, but nothing that may still be at work', async () => {
    mkdirSync(join(root, '.partial-old'))
    mkdirSync(join(root, '.partial-new'))
    const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000)
    utimesSync(join(root, '.partial-old'), yesterday, yesterday)
    await cachedFolder('thing', async () => undefined, root)
    expect(readdirSync(root).toSorted()).toEqual(['.partial-new', 'thing'])
  })

  it('lies where XDG_CACHE_HOME says', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/somewhere' })).toBe(join('/somewhere', 'rho-lab'))
  })
})
