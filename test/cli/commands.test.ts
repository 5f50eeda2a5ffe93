import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commands } from '#main/cli/commands.ts'

describe('the commands', () => {
  it.each(Object.entries(commands))('%s is loaded by its own name', async (name, load) => {
    expect((await load()).name()).toBe(name)
  })

  it('are all of them', () => {
    const files = readdirSync(new URL('../../main/cli/commands', import.meta.url))
    expect(Object.keys(commands)).toHaveLength(files.length)
  })
})
