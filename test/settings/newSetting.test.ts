import { describe, expect, test, vi } from 'vitest'
import { configFrom, type ConfigOptions } from '#main/cli/configOptions.ts'
import { trainCommand } from '#main/cli/commands/train.ts'
import { parseGrid } from '#main/cli/parseGrid.ts'
import { settingRows } from '#main/export/report/reportTables.ts'
import { trainCommandLine } from '#shared/domain/commandLine.ts'
import { planSweep } from '#shared/domain/planSweep.ts'
import type { RunDetail } from '#shared/domain/run.ts'
import { defaultConfig, runConfigSchema, wholeConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { sweepSchema } from '#shared/domain/sweep.ts'
import { comparedSettings, doDiffer } from '#shared/domain/usedSettings.ts'
import { groupRuns, type GroupKey } from '#shared/query/groupRuns.ts'
import { matchesQuery } from '#shared/query/matchesQuery.ts'
import { parseQuery } from '#shared/query/parseQuery.ts'
import { runsCsv } from '#shared/query/runsCsv.ts'
import { sortRuns, type SortKey } from '#shared/query/sortRuns.ts'
import type { SettingKey } from '#shared/settings/runSettings.ts'
import { runColumns } from '../../renderer/components/chart/runQuantities.ts'
import { draftOf, fieldsOf, readRunDraft } from '../../renderer/components/newRun/runDraft.ts'
import { cellText } from '../../renderer/components/runs/cellText.ts'
import { columnsOf } from '../../renderer/components/runs/columns.ts'
import { groupNames } from '../../renderer/components/runs/groupNames.ts'
import { proposeAxis, readAxis } from '../../renderer/components/sweep/sweepDraft.ts'
import { settingDetail, settingParts } from '../../renderer/format/setting.ts'
import { compareSettings } from '../../renderer/views/compare/differences.ts'
import { formatSettingsPage } from '../../scripts/settingsPage.ts'
import { makeRun } from '../renderer/makeRun.ts'
import { makeSweep } from '../sweep/makeSweep.ts'

// The whole product with one entry more in its table, and nothing else changed.
vi.mock('#shared/settings/trainingSettings.ts', async (original) => {
  const { number } = await import('#shared/settings/setting.ts')
  const { trainingSettings } = await original<typeof import('#shared/settings/trainingSettings.ts')>()
  const inputNoise = number({
    label: 'Input noise',
    help: 'deviation of noise that is added to the patches',
    what: 'Noise that the network learns to take away.',
    decides: 'training',
    field: { section: 'training', place: 20 },
    onlyWith: { optimiser: ['adam', 'sgd'] },
    since: { version: '9.9.9', before: 0 },
    min: 0,
    max: 2,
    default: 0.25,
    placeholder: 'deviation',
    step: 0.1,
    scale: 'linear',
    aliases: ['noise'],
    trial: { values: [0, 0.5], from: 0, to: 1, steps: 3 },
  })
  return { trainingSettings: { ...trainingSettings, inputNoise } }
})

const key = 'inputNoise' as SettingKey
const configOf = (inputNoise: number): RunConfig =>
  ({ ...defaultConfig, optimiser: 'adam', inputNoise }) as RunConfig
const runOf = (id: number, inputNoise: number) =>
  makeRun({ id, name: `r${id}`, config: configOf(inputNoise) })
const runs = [runOf(1, 0.5), runOf(2, 0.125), makeRun({ id: 3 })]

describe('a setting that is only in the table', () => {
  test('is checked, has a default, and its value of before in runs that lack it', () => {
    const parsed = runConfigSchema.safeParse(configOf(3))
    expect(parsed.error?.issues[0].message).toBe('Input noise must be at most 2.')
    expect(defaultConfig).toHaveProperty(key, 0.25)
    const { [key]: _, ...stored } = defaultConfig
    expect(wholeConfig(stored)).toHaveProperty(key, 0)
    expect(runConfigSchema.parse(stored)).toHaveProperty(key, 0)
  })

  test('is an option of the command line, in its help, and in the line that trains a run again', () => {
    expect(trainCommand.helpInformation()).toMatch(
      /--input-noise <deviation> +deviation of noise that is added\s+to the patches\s+\(default: 0.25\)/,
    )
    trainCommand.parseOptions(['--input-noise', '1.5'])
    expect(configFrom(trainCommand.opts<ConfigOptions>())).toHaveProperty(key, 1.5)
    const line = { datasetId: 1, preset: null, name: 'a', tags: [], initialWeights: null }
    expect(trainCommandLine({ ...line, config: configOf(0.5) })).toContain('--input-noise 0.5')
  })

  test('is a field of the form where it is used, and is read from there', () => {
    const draft = draftOf(configOf(0.5))
    expect(fieldsOf('training', draft)).toContain(key)
    expect(fieldsOf('training', { ...draft, optimiser: 'lbfgs' })).not.toContain(key)
    expect(readRunDraft({ ...draft, [key]: '1.75' }).config).toHaveProperty(key, 1.75)
    expect(readRunDraft({ ...draft, [key]: '-1' }).problems).toEqual({
      [key]: 'Input noise must be 0 or larger.',
    })
  })

  test('is in the list of a run’s page where it is used, with its value', () => {
    expect(settingParts(configOf(0.5))[2]).toContain(key)
    expect(settingParts(defaultConfig).flat()).not.toContain(key)
    expect(settingDetail(configOf(0.5), key)).toBe('0.5')
  })

  test('is among what differs, in the window and on the command line', () => {
    const { differing } = compareSettings(runs)
    expect(differing.find(({ name }) => name === 'Input noise')?.values).toEqual(['0.5', '0.125', '–'])
    const row = comparedSettings(runs)
      .filter(doDiffer)
      .find(({ setting }) => setting === key)
    expect(row?.values).toEqual([0.5, 0.125, null])
  })

  test('is a column that sorts and groups, a cell of CSV and an axis of charts', () => {
    const [column] = columnsOf([key as SortKey])
    expect(column.label).toBe('Input noise')
    expect(runs.map((run) => cellText(run, column.key, 0))).toEqual(['0.5', '0.125', '–'])
    const sorted = sortRuns(runs, [{ key: key as SortKey, descending: false }])
    expect(sorted.map(({ id }) => id)).toEqual([2, 1, 3])
    expect(groupRuns(runs, key as GroupKey).map(({ value }) => value)).toEqual([0.125, 0.5, null])
    expect(groupNames[key as GroupKey]).toBe('Input noise')
    expect(runsCsv(runs.slice(0, 1), [key as SortKey])).toContain('id,inputNoise,status\r\n1,0.5,')
    const axis = runColumns(runs).find(({ id }) => id === key)
    expect(axis).toMatchObject({ name: 'Input noise', values: [0.5, 0.125, null] })
  })

  test.each(['inputNoise>0.2', 'input-noise=0.5', 'noise>=.5'])('is found by the query %s', (text) => {
    const query = parseQuery(text)
    expect(query.problem).toBeNull()
    expect(runs.filter((run) => matchesQuery(query, run)).map(({ id }) => id)).toEqual([1])
  })

  test('can be swept, from the form and from the command line', () => {
    expect(readAxis(proposeAxis(key)).values).toEqual({ kind: 'list', values: [0, 0.5] })
    const base = configOf(0)
    for (const grid of ['inputNoise=0,1', 'input-noise=0..1:2']) {
      const sweep = sweepSchema.parse(makeSweep({ base, axes: [parseGrid(grid)] }))
      expect(planSweep(sweep).map(({ config }) => config[key])).toEqual([0, 1])
    }
    expect(() => planSweep(makeSweep({ axes: [parseGrid('inputNoise=0,1')] }))).toThrow(
      'The axis input noise: L-BFGS does not use it; choose another optimiser or leave it out.',
    )
  })

  test('is in reports and in the documentation', async () => {
    const rows = settingRows([runs[0]] as RunDetail[])
    const row = rows.find(([name]) => name === 'Input noise')
    expect(runs.map((run) => row?.[1](run as RunDetail))).toEqual(['0.5', '0.125', '–'])
    expect(await formatSettingsPage()).toMatch(/\| Input noise +\| `--input-noise`/)
  })
})
