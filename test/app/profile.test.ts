import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { profileOf } from '#main/app/profile.ts'

let scratch: string
let userData: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'rho-lab-profile-'))
  userData = join(scratch, 'Rho Lab')
  mkdirSync(join(scratch, 'other'))
})
afterEach(() => rmSync(scratch, { recursive: true }))

test('the default library is in the profile', () => {
  expect(profileOf(userData, null)).toEqual({ library: join(userData, 'library'), userData })
})

test('the default library by name is the same window', () => {
  expect(profileOf(userData, join(userData, 'library')).userData).toBe(userData)
})

test('two libraries have two profiles, so that both can be open', () => {
  const one = profileOf(userData, join(scratch, 'one')).userData
  const other = profileOf(userData, join(scratch, 'other')).userData
  expect(new Set([userData, one, other]).size).toBe(3)
})

test('one library by two names is the same window', () => {
  symlinkSync(join(scratch, 'other'), join(scratch, 'link'))
  const { userData: byName } = profileOf(userData, join(scratch, 'other'))
  expect(profileOf(userData, join(scratch, 'link')).userData).toBe(byName)
  expect(profileOf(userData, join(scratch, 'one', '..', 'other')).userData).toBe(byName)
})
