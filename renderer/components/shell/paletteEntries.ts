import type { Route } from '../../stores/navigation.ts'

export interface PaletteEntry {
  key: string
  label: string
  kind: string
  keys?: string
  /** One of both. */
  command?: string
  route?: Route
}

const commandEntries: readonly PaletteEntry[] = [
  { command: 'newRun', label: 'New run', keys: 'N' },
  { command: 'runs', label: 'Go to runs' },
  { command: 'datasets', label: 'Go to datasets' },
  { command: 'compare', label: 'Compare the selected runs', keys: 'C' },
  { command: 'importFolder', label: 'Import a folder of images…' },
  { command: 'importArray', label: 'Import an array (.npy, .npz, .mat, IDX, CSV)…' },
  { command: 'generate', label: 'Generate a dataset…' },
  { command: 'importWeights', label: 'Import weights as a run…' },
  { command: 'openBundle', label: 'Open a bundle (.rholab)…' },
  { command: 'export', label: 'Export…', keys: 'E' },
  { command: 'demo', label: 'Train the demo' },
  { command: 'about', label: 'About Rho Lab' },
].map((entry) => ({ ...entry, key: `command ${entry.command}`, kind: 'command' }))

const mostNamed = 20

/**
 * What the palette lists for a text: commands, then runs and datasets whose name holds every word of it. Without a
 * text, the commands and the newest runs.
 */
export function paletteEntries(
  text: string,
  runs: readonly { id: number; name: string }[],
  datasets: readonly { id: number; name: string }[],
): PaletteEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (name: string): boolean => words.every((word) => name.toLowerCase().includes(word))
  const most = words.length > 0 ? mostNamed : 5

  const found = <T extends { name: string }>(all: readonly T[]): T[] => {
    const hits: T[] = []
    for (const item of all) {
      if (hits.length >= most) break
      if (matches(item.name)) hits.push(item)
    }
    return hits
  }
  return [
    ...commandEntries.filter(({ label }) => matches(label)),
    ...found(runs).map(({ id, name }) => ({
      key: `run ${id}`,
      label: name,
      kind: 'run',
      route: { view: 'run', runId: id } as const,
    })),
    ...found(datasets).map(({ id, name }) => ({
      key: `dataset ${id}`,
      label: name,
      kind: 'dataset',
      route: { view: 'dataset', id } as const,
    })),
  ]
}
