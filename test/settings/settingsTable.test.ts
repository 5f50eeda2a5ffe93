import { readFileSync, globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { trainCommand } from '#main/cli/commands/train.ts'
import { settingRows } from '#main/export/report/reportTables.ts'
import { defaultConfig, runConfigSchema, storedDefaults } from '#shared/domain/runConfig.ts'
import type { RunDetail } from '#shared/domain/run.ts'
import { sweepParameters } from '#shared/domain/sweep.ts'
import { columnOf, comparedSettings, settingInColumn } from '#shared/domain/usedSettings.ts'
import { fieldOf, numberFields, wordFields } from '#shared/query/fields.ts'
import { groupKeys } from '#shared/query/groupRuns.ts'
import { runsCsv } from '#shared/query/runsCsv.ts'
import { sortKeys } from '#shared/query/sortRuns.ts'
import { columnKeys, tableViewSchema, defaultView } from '#shared/query/tableView.ts'
import { flagOf, isSetting, isUsed, settingKeys, settingOf } from '#shared/settings/runSettings.ts'
import { choicesOf, type Condition } from '#shared/settings/setting.ts'
import { runQuantities } from '../../renderer/components/chart/runQuantities.ts'
import { draftOf } from '../../renderer/components/newRun/runDraft.ts'
import { columns } from '../../renderer/components/runs/columns.ts'
import { groupNames } from '../../renderer/components/runs/groupNames.ts'
import { settingParts } from '../../renderer/format/setting.ts'
import { formatSettingsPage } from '../../scripts/settingsPage.ts'
import { makeRun } from '../renderer/makeRun.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const inColumns = settingKeys.map(columnOf)

describe('each entry of the table', () => {
  test.each(settingKeys)('%s: what it names of others is there', (key) => {
    const { onlyWith, needs, variant } = settingOf(key)
    for (const condition of [onlyWith, variant?.with] as (Condition | undefined)[]) {
      for (const [name, values] of Object.entries(condition ?? {})) {
        const choice = isSetting(name) ? settingOf(name) : null
        expect(choice?.kind === 'choice' ? choicesOf(choice) : []).toEqual(
          expect.arrayContaining([...values]),
        )
      }
    }
    if (needs !== undefined) expect(settingKeys).toContain(needs)
  })

  test('has defaults, of new runs and of earlier ones, that it allows itself', () => {
    expect(runConfigSchema.parse(defaultConfig)).toEqual(defaultConfig)
    expect(runConfigSchema.parse(storedDefaults)).toEqual(storedDefaults)
  })

  test('has a place of its own in its part of the form', () => {
    const places = settingKeys.flatMap((key) => Object.values(settingOf(key).field ?? {}).join(' ') || [])
    expect(new Set(places).size).toBe(places.length)
  })

  test('has names in queries that mean nothing else', () => {
    for (const key of settingKeys) {
      for (const name of [columnOf(key), flagOf(key), ...(settingOf(key).aliases ?? [])]) {
        // The number of iterations done has that name, and the error of patches held out.
        if (name !== key || name === columnOf(key))
          expect([name, fieldOf(name)]).toEqual([name, columnOf(key).toLowerCase()])
      }
    }
  })
})

describe('no place lacks a setting or knows one that the table lacks', () => {
  test('the schema, which says what is missing and what is too much', () => {
    const missing = runConfigSchema.safeParse({}).error?.issues.map(({ path }) => path[0])
    expect(missing).toEqual(settingKeys.filter((key) => !settingOf(key).since))
    expect(runConfigSchema.safeParse({ ...defaultConfig, dropout: 0.5 }).success).toBe(false)
    expect(Object.keys(storedDefaults)).toEqual(settingKeys)
  })

  test('the command line’s options, with their real defaults', () => {
    const options = trainCommand.options.filter((option) => isSetting(option.attributeName()))
    expect(options.map((option) => option.attributeName()).toSorted()).toEqual(settingKeys.toSorted())
    for (const option of options) {
      const key = option.attributeName() as keyof typeof defaultConfig
      const said = /\(default: ([^,)]*)/.exec(option.description)?.[1] ?? ''
      expect([key, Number.isNaN(Number(said)) ? said : Number(said)]).toEqual([key, defaultConfig[key]])
    }
  })

  test('forms, tables, charts, groups, sorting, CSV, queries, reports and sweeps', () => {
    expect(Object.keys(draftOf(defaultConfig))).toEqual(settingKeys)
    const known = (names: readonly string[]) => names.filter((name) => settingInColumn(name) !== null)
    expect(known(columnKeys)).toEqual(inColumns)
    expect(known(columns.map(({ key }) => key))).toEqual(inColumns)
    expect(known(sortKeys)).toEqual(inColumns)
    expect(known(groupKeys)).toEqual(inColumns)
    expect(known(Object.keys(groupNames)).toSorted()).toEqual(inColumns.toSorted())
    expect(known(runsCsv([], columnKeys).trim().split(','))).toEqual(inColumns)
    expect(Object.keys({ ...numberFields, ...wordFields })).toEqual(
      expect.arrayContaining(inColumns.map((name) => name.toLowerCase())),
    )
    const quantities = runQuantities.filter(({ kind, id }) => kind === 'setting' && id !== 'dataset')
    expect(quantities.map(({ id }) => id)).toEqual(settingKeys)
    const run = makeRun() as RunDetail
    expect(settingRows([run])).toHaveLength(settingKeys.length)
    const used = comparedSettings(
      ['lbfgs', 'adam', 'sgd'].flatMap((optimiser) =>
        ['constant', 'step', 'cosine'].map((schedule) =>
          makeRun({ config: { ...defaultConfig, optimiser, schedule } as typeof defaultConfig }),
        ),
      ),
    )
    expect(used.map(({ setting }) => setting)).toEqual(['dataset', ...settingKeys])
    const stepwise = { ...defaultConfig, optimiser: 'sgd', schedule: 'step' } as const
    expect(settingParts(stepwise).flat().toSorted()).toEqual(
      settingKeys.filter((key) => isUsed(key, stepwise)).toSorted(),
    )
    // Why not is said at their entries.
    const notVaried = settingKeys.filter((key) => !sweepParameters.includes(key))
    expect(notVaried).toEqual(['validation', 'engine', 'streams'])
  })

  test('the page of the documentation', async () => {
    expect(readFileSync(`${root}/docs/settings.md`, 'utf8')).toBe(await formatSettingsPage())
  })

  test('no list beside the table names settings by hand', () => {
    // Settings whose names are no other words.
    const distinct = ['gradientTolerance', 'decayEvery', 'decayFactor', 'finalShare', 'rhoHatDecay'] as const
    const words = new RegExp(`\\b(?:${distinct.join('|')}|${distinct.map(flagOf).join('|')})\\b`)
    const files = globSync('{shared,main,renderer,db}/**/*.{ts,vue}', { cwd: root }).filter((file) =>
      words.test(readFileSync(`${root}/${file}`, 'utf8')),
    )
    const computing =
      /^(shared\/settings\/trainingSettings|shared\/model\/|main\/(engine|optimiser|session)\/)/
    expect(files.filter((file) => !computing.test(file))).toEqual([])
  })
})

describe('iterations', () => {
  const run = makeRun({ iterations: 160, config: { ...defaultConfig, iterations: 400 } })

  test('planned and done are two columns, two fields and two cells of CSV', () => {
    const [head, cells] = runsCsv([run], ['iterations', 'planned']).trim().split('\r\n')
    expect([head, cells]).toEqual(['id,iterations,planned,status', '1,160,400,finished'])
    expect([numberFields['iterations'](run), numberFields['planned'](run)]).toEqual([160, 400])
  })

  test('a saved view that grouped by those planned still does', () => {
    const view = { ...defaultView, groupBy: 'iterations' }
    expect(tableViewSchema.parse(view).groupBy).toBe('planned')
  })
})
