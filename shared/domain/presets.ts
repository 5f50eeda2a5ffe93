import { defaultConfig, type RunConfig } from './runConfig.ts'
import type { Normalisation } from './dataset.ts'

export interface Preset {
  id: string
  name: string
  /** What it shows, one sentence. */
  summary: string
  config: RunConfig
  /** The data that the preset was made for; other data works, with other results. */
  data: {
    patchSize: number
    channels: 1 | 3
    patches: number
    normalisation: Normalisation
    kind: 'natural' | 'noise'
  }
}

const natural8 = {
  patchSize: 8,
  channels: 1,
  patches: 10_000,
  normalisation: { kind: 'squash', range: 'sigmoid' },
  kind: 'natural',
} as const
const natural10 = { ...natural8, patchSize: 10 } as const

/** The settings of the CS294A exercise and its variations. */
export const presets: readonly Preset[] = [
  {
    id: 'edges',
    name: 'Edges (CS294A exercise)',
    summary: '25 hidden units on 8 × 8 patches of natural images become edge detectors.',
    config: defaultConfig,
    data: natural8,
  },
  {
    id: 'bottleneck',
    name: 'Bottleneck',
    summary: '50 hidden units must compress 100 pixels; they can because images have structure.',
    config: { ...defaultConfig, hidden: 50, rho: 0.05 },
    data: natural10,
  },
  {
    id: 'overcomplete',
    name: 'Overcomplete',
    summary: 'More hidden units than pixels: the sparsity penalty alone makes them find structure.',
    config: { ...defaultConfig, hidden: 200, rho: 0.05 },
    data: natural10,
  },
  {
    id: 'noise',
    name: 'Noise vs structure',
    summary: 'No sparsity, 50 hidden units: IID Gaussian pixels cannot be compressed, natural images can.',
    config: { ...defaultConfig, hidden: 50, rho: 0.05, beta: 0 },
    data: { ...natural10, kind: 'noise' },
  },
  {
    id: 'tanh',
    name: 'Tanh',
    summary: 'The Edges network with tanh units, which are inactive near −1.',
    config: { ...defaultConfig, activation: 'tanh' },
    data: { ...natural8, normalisation: { kind: 'squash', range: 'tanh' } },
  },
  {
    id: 'colour',
    name: 'Colour (linear decoder)',
    summary: '400 hidden units and a linear decoder on whitened 8 × 8 colour patches.',
    config: { ...defaultConfig, hidden: 400, decoder: 'linear', rho: 0.035, lambda: 3e-3, beta: 5 },
    data: { ...natural8, channels: 3, normalisation: { kind: 'zca', epsilon: 0.1, mean: 'value' } },
  },
]

export const findPreset = (id: string): Preset | undefined => presets.find((preset) => preset.id === id)
