import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { countAll } from '#db/queries/changes.ts'
import type { HandledCalls } from '#main/ipc/handle.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { defaultView } from '#shared/query/tableView.ts'
import { channels, dropChannel } from '#shared/ipc/channels.ts'
import { makeSweep } from '../sweep/makeSweep.ts'
import { openTestLab, type TestLab } from './lab.ts'

/** Arguments that parse, though nothing they name is there. */
const wellFormed: { [C in keyof HandledCalls]: Parameters<HandledCalls[C]> } = {
  'library.summary': [],
  'library.usage': [],
  'library.clean': [],
  'engines.list': [],
  'engines.forget': [],
  'libraries.recent': [],
  'libraries.choose': [],
  'libraries.open': ['no key'],
  'diagnostics.copy': [],
  'licences.list': [],
  'settings.get': [],
  'settings.change': [{ parallel: 2 }],
  'sources.choose': ['folder'],
  [dropChannel]: ['/nowhere'],
  'datasets.list': [],
  'datasets.get': [99],
  'datasets.look': ['no token'],
  'datasets.import': ['no token', 'faces', defaultSampling],
  'datasets.generate': ['bars', 'bars', defaultSampling],
  'datasets.preview': ['bars', defaultSampling],
  'datasets.derive': [99, 'smaller', defaultSampling],
  'datasets.cancel': [],
  'transfers.cancel': ['export'],
  'datasets.rename': [99, 'faces'],
  'datasets.setNotes': [99, 'taken in May'],
  'datasets.remove': [99],
  'datasets.whitening': [99],
  'datasets.images': [99, [0, 1]],
  'runs.variances': [99],
  'runs.page': [99],
  'runs.changes': [99],
  'runs.get': [99],
  'runs.series': [99, -1],
  'runs.rhoHat': [99, 0],
  'runs.snapshot': [99, 0],
  'runs.reconstructions': [99, 0, 24],
  'runs.worstPatches': [99, 0, 24],
  'runs.rhoHatMap': [99],
  'runs.sprites': [[99]],
  'runs.sparklines': [[99]],
  'runs.start': [{ datasetId: 99, config: defaultConfig, name: 'first', preset: 'edges', tags: ['a'] }],
  'runs.stop': [99],
  'runs.pause': [99],
  'runs.continue': [99],
  'queue.get': [],
  'queue.move': [99, 0],
  'runs.resume': [99],
  'runs.rename': [99, 'second'],
  'runs.setTags': [99, ['a', 'b']],
  'runs.setNotes': [99, 'good edges'],
  'runs.archive': [[99]],
  'runs.unarchive': [[99]],
  'runs.remove': [[99]],
  'runs.restore': [[99]],
  'runs.writeCsv': [defaultView, { decimal: '.' }],
  'views.list': [],
  'views.save': ['best first', defaultView],
  'views.rename': [99, 'best'],
  'views.remove': [99],
  'sweeps.comparisons': [99],
  'sweeps.list': [],
  'sweeps.start': [{ datasetId: 99, name: 'sparsity', sweep: makeSweep() }],
  'sweeps.stop': [99],
  'sweeps.resume': [99],
  'sweeps.remove': [99],
  'exports.write': [{ runIds: [99], kind: 'npz', iteration: null, patches: false, space: 'whitened' }],
  'bundles.offered': [],
  'files.save': [{ name: 'Cost', kind: 'csv', bytes: new Uint8Array(1) }],
  'bundles.open': ['no token'],
  'weights.look': ['no token'],
  'weights.import': [
    { token: 'no token', datasetId: 99, name: 'old', activation: 'sigmoid', decoder: 'same' },
  ],
  'units.activations': [99, 0, 400],
  'units.history': [99, 0],
  'units.matches': [99, 0, 400, 'whitened'],
  'units.gabor': [99, 0, 400, 'whitened'],
  'filters.match': [[98, 99]],
  'gradient.check': [99, defaultConfig],
  'demo.start': [],
  'demo.noise': [],
  'live.watch': [99],
}

/** Wrong for every argument of every channel. */
const hostile: [string, unknown][] = [
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['a negative number', -2],
  ['a fraction', 0.5],
  ['a number too large to count with', 2 ** 60],
  ['a bigint', 1n],
  ['a boolean', true],
  ['an object', {}],
  ['an object that pretends to be a number', { valueOf: () => 1, toString: () => '1' }],
  ['an array of arrays', [[1]]],
  ['an array of negative numbers', [-1]],
  ['a hole', Array.from({ length: 3 })],
  ['an array without end', Array.from({ length: 10_001 }, () => 1)],
  ['a text without end', 'x'.repeat(200_000)],
  ['bytes', new Uint8Array(8)],
  ['a date', new Date(0)],
  ['a map', new Map([['datasetId', 1]])],
]

let lab: TestLab
beforeAll(async () => void (lab = await openTestLab()))
beforeEach(() => void lab.asked.splice(0))
afterAll(() => lab.close())

test('every channel of the contract, and the drop, is answered', () => {
  expect(lab.channels.toSorted()).toEqual([...channels, dropChannel].toSorted())
})

describe.each(Object.entries(wellFormed))('%s', (channel, args) => {
  test('takes well-formed arguments', async () => {
    const reply = await lab.send(channel, args)
    if (!reply.ok) expect(['notFound', 'conflict']).toContain(reply.error.code)
  })

  test('refuses one argument too many, or too few, and does nothing', async () => {
    const before = countAll(lab.library)
    expect(await lab.send(channel, [...args, 1])).toMatchObject({ ok: false, error: { code: 'badInput' } })
    if (args.length > 0) {
      expect(await lab.send(channel, args.slice(1))).toMatchObject({ ok: false, error: { code: 'badInput' } })
    }
    expect(lab.asked).toEqual([])
    expect(countAll(lab.library)).toEqual(before)
  })

  if (args.length > 0) {
    test.each(hostile)('refuses %s in place of any argument, and does nothing', async (_what, value) => {
      const before = countAll(lab.library)
      for (let at = 0; at < args.length; at++) {
        const reply = await lab.send(channel, args.with(at, value as never))
        expect(reply).toMatchObject({ ok: false, error: { code: 'badInput' } })
      }
      expect(lab.asked).toEqual([])
      expect(countAll(lab.library)).toEqual(before)
      expect(lab.logged).toEqual([])
    })
  }
})

test.each([
  ['datasets.import', ['no token', 'faces', defaultSampling], { array: 'X', columns: true }],
  ['datasets.generate', ['bars', 'bars', defaultSampling], { probability: 0.2 }],
  ['datasets.preview', ['bars', defaultSampling], { probability: 0.2 }],
])('%s takes one more argument, and nothing else in its place', async (channel, args, last) => {
  const wrong = hostile.filter(
    ([, value]) => value !== undefined && !(value instanceof Object && Object.keys(value).length === 0),
  )
  for (const [, value] of [
    ...wrong,
    ['unknown', { secret: 1 }],
    ['nonsense', { array: 7, probability: 'often' }],
  ]) {
    expect(await lab.send(channel, [...args, value])).toMatchObject({
      ok: false,
      error: { code: 'badInput' },
    })
  }
  const reply = await lab.send(channel, [...args, last])
  if (!reply.ok) expect(reply.error.code).toBe('notFound')
})

test('whatever the window sends, it gets a reply, and never an error of ours', async () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true })
  const argument = fc.oneof(
    anything,
    fc.integer(),
    fc.string(),
    fc.array(fc.integer()),
    fc.constant('folder'),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...lab.channels),
      fc.array(argument, { maxLength: 4 }),
      async (channel, args) => {
        const reply = await lab.send(channel, args)
        if (!reply.ok) expect(reply.error.code).not.toBe('internal')
      },
    ),
    { numRuns: 1_000 },
  )
  expect(lab.logged).toEqual([])
})

describe('starting a run', () => {
  const [run] = wellFormed['runs.start']
  test.each([
    ['ρ', { rho: 1 }, 'ρ must lie between 0 and 1'],
    ['hidden units', { hidden: 0 }, 'Hidden units must be at least 1'],
    ['λ', { lambda: -1 }, 'λ must be 0 or larger'],
    ['an unknown setting', { secret: 1 }, 'Unrecognized key'],
  ])('with nonsense for %s is refused, naming it', async (_what, wrong, sentence) => {
    const reply = await lab.send('runs.start', [{ ...run, config: { ...run.config, ...wrong } }])
    expect(reply).toMatchObject({ ok: false, error: { code: 'badInput' } })
    expect(reply.ok || reply.error.message).toContain(sentence)
  })

  test('a key of the prototype is no setting', async () => {
    const config: unknown = JSON.parse(JSON.stringify(run.config).replace('{', '{"__proto__":{"rho":0.5},'))
    const reply = await lab.send('runs.start', [{ ...run, config }])
    expect(reply.ok).toBe(false)
    expect(({} as { rho?: number }).rho).toBeUndefined()
  })
})
