import { expect, test } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { callLab } from './calls.ts'
import { answered } from './dialogs.ts'
import { launchLab, screenshot } from './launch.ts'

test('settings take effect at once and are kept; the about box copies what a report needs', async () => {
  const lab = await launchLab()
  const { page, app } = lab
  await page.getByRole('button', { name: 'Use another folder…' }).waitFor()
  await screenshot(page, 'empty-light')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('Settings')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await expect(dialog.getByText(/^Automatic takes 1: /)).toBeVisible()
  await dialog.getByLabel('Runs at the same time').fill('2')
  await expect(dialog.getByText(/^Your choice\. Automatic would take 1: /)).toBeVisible()
  await expect(dialog.getByText('Engine of new runs')).toBeVisible()
  await dialog.getByLabel('Seconds between checkpoints').fill('1')
  await expect(dialog.getByRole('alert')).toHaveText('Give a number: 5 to 3600.')
  await screenshot(page, 'settings-light')
  await dialog.getByLabel('Seconds between checkpoints').fill('30')
  await dialog.getByRole('radio', { name: 'Dark' }).click()
  await expect
    .poll(() => answered(() => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)))
    .toBe('dark')
  // The page is told a theme by the test's own tool, over the system's.
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'settings-dark')
  expect(await callLab(page, 'settings.get')).toMatchObject({
    theme: 'dark',
    parallel: 2,
    checkpointSeconds: 30,
  })
  await dialog.getByRole('button', { name: 'Close' }).click()

  await page.getByRole('button', { name: 'About Rho Lab' }).click()
  const about = page.getByRole('dialog', { name: 'Rho Lab' })
  await about.getByRole('button', { name: 'Copy diagnostics' }).click()
  await expect
    .poll(() => answered(() => app.evaluate(({ clipboard }) => clipboard.readText())))
    .toContain('Library: schema')
  expect(await answered(() => app.evaluate(({ clipboard }) => clipboard.readText()))).not.toContain(
    lab.library,
  )
  await about.getByText(/^Software of others/).click()
  await expect(about.getByText(/^onnxruntime-node/)).toBeVisible()
  await expect(about.getByText(/^@vue\/runtime-dom/)).toBeVisible()
  await screenshot(page, 'about-dark')
  expect(lab.errors).toEqual([])
  await lab.close()
})

test('another folder is remembered, and opened when the app starts anew', async () => {
  const lab = await launchLab()
  const { app, page } = lab
  const chosen = join(lab.library, '..', 'library')
  const pictures = join(lab.library, '..')
  const home = await app.evaluate(({ app, dialog }, folder) => {
    const seen = globalThis as { relaunched?: unknown }
    app.relaunch = (options) => void (seen.relaunched = options)
    app.quit = () => {}
    dialog.showOpenDialog = (() =>
      Promise.resolve({ canceled: false, filePaths: [folder] })) as typeof dialog.showOpenDialog
    return app.getPath('userData')
  }, pictures)
  await page.getByRole('button', { name: 'Use another folder…' }).click()
  await expect
    .poll(() =>
      app.evaluate(() => (globalThis as { relaunched?: { args: string[] } }).relaunched?.args ?? []),
    )
    .not.toEqual([])
  const args = await app.evaluate(
    () => (globalThis as { relaunched?: { args: string[] } }).relaunched?.args ?? [],
  )
  expect(args.filter((argument) => argument.includes(chosen))).toEqual([])
  const remembered = JSON.parse(readFileSync(join(home, '..', '..', 'libraries.json'), 'utf8')) as {
    current: string
    recent: string[]
  }
  expect(remembered.current).toBe(join(pictures, 'Rho Lab library'))
  // The way back.
  expect(remembered.recent).toEqual([remembered.current, lab.library])
  await app.evaluate(({ app }) => app.exit(0)).catch(() => undefined)
  await lab.close().catch(() => undefined)
})
