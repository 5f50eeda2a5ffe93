import path from 'node:path'
import { z } from 'zod'
import { openRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { activationNames } from '#shared/model/activations.ts'
import { importWeights, type FoundArray, type ImportedWeights } from './importedWeights.ts'
import { safetensorsArrays } from './parseSafetensors.ts'

export const saelensFiles = { config: 'cfg.json', weights: 'sae_weights.safetensors' } as const

const longestConfig = 1 << 20
const largestWeights = 2 ** 31

const configSchema = z.object({
  architecture: z.string().default('standard'),
  activation_fn: z.string().optional(),
  activation_fn_str: z.string().optional(),
  apply_b_dec_to_input: z.boolean().default(false),
})

/**
 * Weights of a folder as SAELens keeps them: W_enc n × h = W1ᵀ, b_enc, W_dec h × n = W2ᵀ, b_dec. Where the decoder's bias
 * is taken from the input first, it is folded into that of the encoder: b1 = b_enc − W_encᵀ·b_dec.
 * @throws LabError badInput where it is no such folder, or its units are none that are computed here
 */
export async function readSaelens(folder: string): Promise<ImportedWeights> {
  const name = path.basename(folder)
  const text = await readPart(folder, saelensFiles.config, longestConfig)
  const config = parseConfig(text, name)
  const activation = activationOf(config, name)
  const bytes = await readPart(folder, saelensFiles.weights, largestWeights)
  const { arrays } = safetensorsArrays(bytes, `${name}/${saelensFiles.weights}`)
  const found = (wanted: string): FoundArray => {
    const array = arrays.find((one) => one.name === wanted)
    if (array) return array
    const there = arrays.map((one) => one.name).join(', ')
    throw new LabError(
      'badInput',
      `${name}/${saelensFiles.weights} lacks ${wanted}; it has ${there}. Copy the folder again.`,
    )
  }
  const [encoder, decoder, b1, b2] = ['W_enc', 'W_dec', 'b_enc', 'b_dec'].map(found)
  const imported = importWeights(
    {
      W1: turned(encoder),
      W2: turned(decoder),
      b1: config.apply_b_dec_to_input ? folded(encoder, b1, b2) : b1,
      b2,
    },
    { config: null, normalisation: null },
    name,
  )
  const { hidden } = imported.weights
  return { ...imported, config: { ...defaultConfig, hidden, activation, decoder: 'linear' } }
}

async function readPart(folder: string, file: string, largest: number): Promise<Uint8Array> {
  const whole = path.join(folder, file)
  const handle = await openRegularFile(whole).catch((cause: unknown) => {
    const { config, weights } = saelensFiles
    throw new LabError(
      'badInput',
      `${path.basename(folder)} is a folder without ${file}. A folder of weights is one of SAELens, with ${config} and ${weights}; else give a file.`,
      { cause },
    )
  })
  try {
    if ((await handle.stat()).size > largest) {
      throw new LabError('badInput', `${file} in ${path.basename(folder)} is too large. Give another folder.`)
    }
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

function parseConfig(bytes: Uint8Array, name: string): z.infer<typeof configSchema> {
  try {
    return configSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new LabError(
      'badInput',
      `${name}/${saelensFiles.config} is no configuration of SAELens. Copy it again.`,
      { cause },
    )
  }
}

/** @throws LabError badInput naming what is not computed here */
function activationOf(
  { architecture, activation_fn: named, activation_fn_str: older }: z.infer<typeof configSchema>,
  name: string,
): RunConfig['activation'] {
  const asked = named ?? older ?? 'relu'
  const found = activationNames.find((one) => one === asked)
  if (architecture === 'standard' && found) return found
  const what =
    architecture === 'standard' ? `${asked} units` : `units of the architecture ${architecture.slice(0, 40)}`
  throw new LabError(
    'badInput',
    `${name} has ${what}, which this Rho Lab does not compute; it has ${activationNames.join(', ')}. Give weights of such units.`,
  )
}

const turned = ({ name, shape, read }: FoundArray): FoundArray => ({
  name,
  shape: shape.toReversed(),
  read() {
    const [rows, columns] = shape
    const values = read()
    return Float64Array.from(values, (_, k) => values[(k % rows) * columns + Math.floor(k / rows)])
  },
})

/** b_enc − W_encᵀ·b_dec */
const folded = (encoder: FoundArray, b1: FoundArray, b2: FoundArray): FoundArray => ({
  ...b1,
  read() {
    const W = Float64Array.from(encoder.read())
    const mean = Float64Array.from(b2.read())
    const h = encoder.shape[1]
    return Float64Array.from(b1.read(), (bias, j) =>
      mean.reduce((left, value, i) => left - value * W[i * h + j], bias),
    )
  },
})
