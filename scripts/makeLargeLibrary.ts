import { randomInt } from 'node:crypto'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openLibrary, type Library } from '#db/library.ts'
import { listRuns } from '#db/queries/runs.ts'
import { repository } from './buildIfStale.ts'
import { runCommand } from './command.ts'

const dayMs = 24 * 60 * 60 * 1000

/** What `test/bench/measureWindow.ts` opens. */
export const manyUnits = '400 units'
export const longCurve = '100,000 iterations'

/** A few real runs, of which all others are copies. */
const templates: Readonly<Record<string, string>> = {
  'edges, sparse': '--rho 0.01 --hidden 25',
  edges: '--rho 0.05 --hidden 25',
  'edges, overcomplete': '--rho 0.05 --hidden 100 --beta 1',
  'edges, smooth': '--rho 0.1 --hidden 36 --lambda 1e-3',
}

/**
 * Makes a library of very many runs, to try the window with: a few are trained, the others are copies of them with
 * other names, settings, dates and costs. One has 400 hidden units, the curve of another is drawn out to 100,000
 * iterations.
 * @param folder is made
 */
export async function makeLargeLibrary(folder: string, runs: number): Promise<void> {
  await lab('generate', 'natural', '--patches', '2000', '--name', 'Sample images', '--library', folder)
  for (const [name, settings] of Object.entries(templates)) {
    const run = ['--dataset', 'Sample images', '--name', name, ...settings.split(' ')]
    await lab('train', ...run, '--iterations', '60', '--engine', 'onnx', '--library', folder)
  }
  const large = ['--hidden', '400', '--beta', '1', '--iterations', '200', '--engine', 'onnx']
  await lab('train', '--dataset', 'Sample images', '--name', manyUnits, ...large, '--library', folder)
  const library = openLibrary(folder, { create: false })
  try {
    copyRuns(library, runs - Object.keys(templates).length - 1)
    drawOut(library, longCurve, 100_000)
  } finally {
    library.close()
  }
}

async function lab(...args: string[]): Promise<void> {
  const exitCode = await runCommand(process.execPath, [join(repository, 'main', 'cli', 'lab.ts'), ...args], {
    cwd: repository,
    stdio: ['ignore', 2, 2],
  })
  if (exitCode !== 0) throw new Error(`lab ${args[0]} ended with ${exitCode}.`)
}

function copyRuns(library: Library, count: number): void {
  const { db } = library
  const sources = listRuns(library).filter(({ name }) => name in templates)
  const insertRun = db.prepare(
    `INSERT INTO runs (name, dataset_id, preset, status, outcome, created_at, started_at, ended_at, iterations, cost,
       reconstruction, weight_decay, sparsity, rho_hat_min, rho_hat_mean, rho_hat_max, dead_units, evaluations,
       elapsed_ms, config, engine, dataset_hash, app_version, engine_versions, machine)
     SELECT @name, dataset_id, preset, status, outcome, @createdAt, @createdAt, @createdAt, iterations, cost * @factor,
       reconstruction * @factor, weight_decay * @factor, sparsity * @factor, rho_hat_min, rho_hat_mean, rho_hat_max,
       dead_units, evaluations, elapsed_ms, json_set(config, '$.seed', @seed), engine, dataset_hash, app_version,
       engine_versions, machine
     FROM runs WHERE id = @source`,
  )
  const copies = ['iterations', 'snapshots'].map((table) => {
    const columns = db.pragma(`table_info(${table})`) as { name: string }[]
    const names = columns.map(({ name }) => name).filter((name) => name !== 'run_id')
    return db.prepare(
      `INSERT INTO ${table} (run_id, ${names.join(', ')}) SELECT @id, ${names.join(', ')} FROM ${table}
       WHERE run_id = @source`,
    )
  })
  const insertTag = db.prepare('INSERT INTO run_tags (run_id, tag) VALUES (?, ?)')
  const tags = ['thesis', 'fig 3', 'baseline', 'chapter 4']
  db.transaction(() => {
    for (let k = 0; k < count; k++) {
      const source = sources[k % sources.length]
      const { lastInsertRowid: id } = insertRun.run({
        name: `${source.name}, seed ${k + 2}`,
        createdAt: new Date(Date.now() - (count - k) * (dayMs / 50)).toISOString(),
        factor: 1 + randomInt(1_000) / 2_000,
        seed: k + 2,
        source: source.id,
      })
      for (const copy of copies) copy.run({ id, source: source.id })
      if (k % 3 === 0) insertTag.run(id, tags[(k / 3) % tags.length])
    }
  })()
}

/** Renames the newest run and gives it so many iterations: its own, each repeated with noise, later ones more often. */
function drawOut(library: Library, name: string, iterations: number): void {
  const { db } = library
  const [{ id, iterations: recorded }] = listRuns(library)
  const columns = (db.pragma('table_info(iterations)') as { name: string }[]).map((column) => column.name)
  const others = columns.filter((column) => !['run_id', 'iteration', 'cost', 'elapsed_ms'].includes(column))
  db.transaction(() => {
    db.exec('CREATE TEMP TABLE recorded AS SELECT * FROM iterations LIMIT 0')
    db.prepare('INSERT INTO recorded SELECT * FROM iterations WHERE run_id = ?').run(id)
    db.prepare('DELETE FROM iterations WHERE run_id = ?').run(id)
    db.prepare(
      `WITH RECURSIVE steps (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM steps WHERE k < @iterations)
       INSERT INTO iterations (run_id, iteration, cost, elapsed_ms, ${others.join(', ')})
       SELECT @id, k, cost * (1 + (random() % 1000) / 2e4), k * 2, ${others.join(', ')} FROM steps JOIN recorded
       ON recorded.iteration = 1 + CAST((@recorded - 1) * ln(k) / ln(@iterations) AS INTEGER)`,
    ).run({ id, iterations, recorded })
    db.exec('DROP TABLE recorded')
    db.prepare(
      `UPDATE runs SET name = @name, iterations = @iterations,
       config = json_set(config, '$.iterations', @iterations) WHERE id = @id`,
    ).run({ id, name, iterations })
  })()
}

if (import.meta.main) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string', default: '10000' } },
  })
  if (positionals.length !== 1)
    throw new Error('Usage: node scripts/makeLargeLibrary.ts FOLDER [--runs 10000]')
  await makeLargeLibrary(resolve(positionals[0]), Number(values.runs))
}
