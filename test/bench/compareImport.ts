import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * How long importing takes beside Pillow and NumPy, whole processes from start to end, in turns.
 *
 *     node test/bench/compareImport.ts [--case large]… [--rounds 5] [--inputs FOLDER] [--files 50000]
 *
 * `large`: 60 JPEGs of 12 megapixels; `small`: 2,000 of 640 × 480; `many`: small pictures of 160 × 120, as many as
 * `--files` says; `array`: a .npy of 200,000 × 784 float32. What is read is made once in `--inputs` and stays there.
 */
const { values: given } = parseArgs({
  options: {
    case: { type: 'string', multiple: true, default: ['large', 'small', 'array'] },
    rounds: { type: 'string', default: '5' },
    files: { type: 'string', default: '50000' },
    inputs: { type: 'string', default: join(tmpdir(), 'rho-lab-import-inputs') },
  },
})

const python = process.env['RHO_LAB_PYTHON'] ?? '/usr/bin/python3'
const peer = join(import.meta.dirname, 'import_peer.py')
const lab = join(import.meta.dirname, '../../main/cli/lab.ts')
const photos = join(import.meta.dirname, '../fixtures/photos')
const patches = '10000'

interface Case {
  title: string
  input: string
  /** Arguments of the peer that make the input. */
  make: string[]
  peer: string[]
}

const folderOf = (
  name: string,
  title: string,
  size: [count: string, width: string, height: string],
): Case => {
  const input = join(given.inputs, name)
  return { title, input, make: ['make', input, ...size, photos], peer: ['images', input, patches] }
}
const array = join(given.inputs, 'array.npy')
const cases: Record<string, Case> = {
  large: folderOf('large', '60 JPEGs of 12 megapixels', ['60', '4000', '3000']),
  small: folderOf('small', '2,000 JPEGs of 640 × 480', ['2000', '640', '480']),
  many: folderOf(`many-${given.files}`, `${given.files} JPEGs of 160 × 120`, [given.files, '160', '120']),
  array: {
    title: '.npy of 627 MB',
    input: array,
    make: ['make-array', array, '200000', '784'],
    peer: ['array', array, join(given.inputs, 'copy.npy')],
  },
}

interface Measured {
  seconds: number
  peakMegabytes: number
}

/** Runs a program to its end. @returns wall time, and the most memory that it had (Linux) */
function measure(command: string, args: readonly string[]): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    let peakMegabytes = 0
    const look = setInterval(() => {
      const status = `/proc/${child.pid}/status`
      if (!existsSync(status)) return
      try {
        const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))
        if (found) peakMegabytes = Math.max(peakMegabytes, Number(found[1]) / 1024)
      } catch {
        // It has just ended.
      }
    }, 20)
    child.once('close', (code) => {
      clearInterval(look)
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, peakMegabytes })
      else reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}.`))
    })
  })
}

async function importOnce(input: string): Promise<Measured> {
  const library = await mkdtemp(join(given.inputs, 'library-'))
  try {
    return await measure(process.execPath, [lab, 'import', input, '--library', library, '--json'])
  } finally {
    await rm(library, { recursive: true })
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]

await mkdir(given.inputs, { recursive: true })
console.log('| what | Rho Lab s | MB | Pillow or NumPy s | MB | times |')
console.log('| --- | --- | --- | --- | --- | --- |')
for (const name of given.case) {
  const { title, input, make, peer: args } = cases[name]
  if (!(await stat(input).catch(() => null))) execFileSync(python, [peer, ...make], { stdio: 'inherit' })
  const own: Measured[] = []
  const others: Measured[] = []
  for (let round = 0; round < Number(given.rounds); round++) {
    const turns = [
      async () => own.push(await importOnce(input)),
      async () => others.push(await measure(python, [peer, ...args])),
    ]
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
  }
  const seconds = (all: Measured[]) => median(all.map((one) => one.seconds))
  const memory = (all: Measured[]) => Math.max(...all.map((one) => one.peakMegabytes)).toFixed(0)
  const cells = [
    title,
    seconds(own).toFixed(2),
    memory(own),
    seconds(others).toFixed(2),
    memory(others),
    (seconds(others) / seconds(own)).toFixed(2),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
