import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Transformer } from '@napi-rs/image'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendIterations } from '#db/queries/iterations.ts'
import { setNotes } from '#db/queries/runs.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { linear, tightAxis, valueAxis } from '#main/export/report/axis.ts'
import { formatReport, writeReport } from '#main/export/report/formatReport.ts'
import {
  makeDataset,
  makeFolder,
  makeLibrary,
  makeRecord,
  makeRun,
  makeWhitenedRun,
} from '../db/makeLibrary.ts'

/** The text of the cells of the row that begins with a heading. */
function row(html: string, heading: string): string[] {
  const [, cells = ''] = new RegExp(`<th scope="row">${heading}</th>(.*?)</tr>`).exec(html) ?? []
  return [...cells.matchAll(/<td>(.*?)<\/td>/g)].map(([, text]) => text)
}

describe('a report of one run', () => {
  test('says what it was, what came of it, and on what', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 3, snapshots: [0, 2], status: 'finished' })
    setNotes(library, id, 'Edges at last.\n1 < 2')
    const file = await writeReport(library, [id], path.join(makeFolder(), 'r.html'))
    const html = readFileSync(file, 'utf8')
    expect(html).toMatch(/^<!doctype html>/)
    expect(row(html, 'Cost')).toEqual(['0.91667'])
    expect(row(html, 'Hidden units')).toEqual(['3'])
    expect(row(html, 'Sparsity target ρ')).toEqual(['0.01'])
    expect(row(html, 'Patches')).toEqual(['6 × 4'])
    expect(row(html, 'Machine')).toEqual(['a test'])
    expect(html).toContain('Edges at last.\n1 &lt; 2')
    // Cost, reconstruction, weight decay, sparsity; the most, the median, the least of ρ̂.
    expect(html.match(/<path class="line /g)).toHaveLength(7)
  })

  test('holds its filters as a picture inside the file, and asks for nothing from anywhere', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 2, snapshots: [1] })
    const html = await formatReport(library, [id])
    const [, base64] = /src="data:image\/png;base64,([A-Za-z0-9+/=]+)"/.exec(html) ?? []
    expect(await new Transformer(Buffer.from(base64, 'base64')).metadata()).toMatchObject({
      width: 132,
      height: 132,
    })
    expect(html).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`)
    expect(html).not.toMatch(/https?:|<script|<link|url\(|@import|src="(?!data:)/)
  })

  test('draws filters over whitened patches in pixels, and says so', async () => {
    const library = makeLibrary()
    const id = await makeWhitenedRun(library, { iterations: 1, snapshots: [0] })
    const file = path.join(makeFolder(), 'filters.png')
    await exportRun(library, id, { format: 'png', space: 'pixels', file })
    const html = await formatReport(library, [id])
    expect(html).toContain(readFileSync(file).toString('base64'))
    expect(html).toContain('Where patches were whitened, it is drawn in pixels.')
  })

  test('shows names as they are, whatever is in them', async () => {
    const library = makeLibrary()
    const name = `</title><script>alert("1")</script> & 'λ'`
    const id = await makeRun(library, { name, tags: ['<b>'], iterations: 1, snapshots: [0] })
    const html = await formatReport(library, [id])
    expect(html).not.toMatch(/<script|<b>/)
    expect(html).toContain(
      '&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;λ&#39;',
    )
  })

  test('can be made of a run that has not begun, of rows that are no patches, of one that diverged', async () => {
    const library = makeLibrary()
    const fresh = await makeRun(library)
    expect(await formatReport(library, [fresh])).toContain('There are no weights yet.')
    const datasetId = await makeDataset(library, { n: 5, patchSize: null })
    const rows = await makeRun(library, { datasetId, iterations: 1, snapshots: [0] })
    expect(await formatReport(library, [rows])).toContain('Rows of 5 values are no square patches')
    const diverged = await makeRun(library, { iterations: 2 })
    const nothing = { cost: NaN, reconstruction: Infinity, rhoHat: Float32Array.of(NaN, 0, 1) }
    appendIterations(library, diverged, [makeRecord(2, nothing), makeRecord(3)])
    const html = await formatReport(library, [diverged])
    for (const [, d] of html.matchAll(/ d="([^"]*)"/g)) expect(d).not.toMatch(/NaN|Infinity/)
  })
})

test('a report of several runs sets their results side by side and what differs before what does not', async () => {
  const library = makeLibrary()
  const a = await makeRun(library, { name: 'a', iterations: 2, snapshots: [0] })
  const b = await makeRun(library, { name: 'b', iterations: 3, snapshots: [0], config: { rho: 0.05 } })
  const html = await formatReport(library, [b, a])
  expect(html).toContain('<h1>2 runs compared</h1>')
  expect(row(html, 'Iterations')).toEqual(['2 of 400', '1 of 400'])
  expect(row(html, 'Sparsity target ρ')).toEqual(['0.05', '0.01'])
  expect(row(html, 'Weight decay λ')).toEqual(['0.0001'])
  expect(html.indexOf('Sparsity target ρ')).toBeLessThan(html.indexOf('The same for all'))
  expect(html.indexOf('Weight decay λ')).toBeGreaterThan(html.indexOf('The same for all'))
  expect(html.match(/<img /g)).toHaveLength(2)
})

describe('axes', () => {
  test('of costs that fall far are logarithmic, others are not', () => {
    expect(valueAxis([60, 0.2, 1]).ticks.map(({ text }) => text)).toEqual(['0.1', '1', '10', '100'])
    expect(valueAxis([1, 0.2]).ticks.map(({ text }) => text)).toEqual(['0.2', '0.4', '0.6', '0.8', '1'])
    expect(valueAxis([0, 60]).ticks[0].text).toBe('0')
    expect(tightAxis([0, 120]).share(120)).toBe(1)
  })

  test('hold every finite value and a few round numbers', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        for (const axis of [valueAxis(values), tightAxis(values)]) {
          for (const one of values) {
            expect(axis.share(one)).toBeGreaterThanOrEqual(-1e-9)
            expect(axis.share(one)).toBeLessThanOrEqual(1 + 1e-9)
          }
          expect(axis.ticks.length).toBeLessThan(20)
        }
      }),
      {
        examples: [
          [[0, -5e-324]],
          [[5e-324, 0]],
          [[-999999999.9999967, -999999999.9999968]],
          [[999999999.9999967, 999999999.9999968]],
        ],
      },
    )
    expect(linear(0, 1).ticks.map(({ text }) => text)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1'])
  })
})
