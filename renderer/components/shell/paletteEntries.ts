import { commands, shownKeys, type Command, type CommandName } from '#shared/commands/commands.ts'
import type { Route } from '../../stores/navigation.ts'

export interface PaletteEntry {
  key: string
  label: string
  kind: string
  keys?: string
  /** One of both. */
  command?: CommandName
  route?: Route
}

const commandEntries = (platform: string): readonly PaletteEntry[] =>
  (Object.entries(commands) as [CommandName, Command][])
    .filter(([command]) => command !== 'commands')
    .map(([command, { label, keys, accelerator }]) => {
      const shown = keys ?? accelerator
      return {
        key: `command ${command}`,
        kind: 'command',
        command,
        label,
        ...(shown !== undefined && { keys: shownKeys(shown, platform) }),
      }
    })

const mostNamed = 20

/**
 * What the palette lists for a text: commands, then runs and datasets whose name holds every word of it. Without a
 * text, the commands and the newest runs.
 */
export function paletteEntries(
  text: string,
  runs: readonly { id: number; name: string }[],
  datasets: readonly { id: number; name: string }[],
  platform: string,
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
    ...commandEntries(platform).filter(({ label }) => matches(label)),
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
