import { arch, platform, release } from 'node:os'
import { readRegularText } from '#db/regularFile.ts'
import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import type { Settings } from '#shared/domain/settings.ts'

export interface DiagnosticsFacts {
  appVersion: string
  machine: string
  versions: NodeJS.ProcessVersions
  engines: readonly EngineStatus[]
  /** Chromium's words on the GPU, feature by feature. */
  gpu: Readonly<Record<string, string>>
  library: { schemaVersion: number; runs: number; datasets: number }
  settings: Settings
  log: string
}

const logLines = 80

/** What a report of a problem needs, and nothing that tells what the user works on. */
export function describeForReport(facts: DiagnosticsFacts): string {
  const { versions, library } = facts
  return [
    `Rho Lab ${facts.appVersion}`,
    `Electron ${versions.electron}, Chromium ${versions.chrome}, Node ${versions.node}`,
    `${platform()} ${release()} ${arch()}, ${facts.machine}`,
    `Library: schema ${library.schemaVersion}, ${library.runs} runs, ${library.datasets} datasets`,
    `Settings: ${JSON.stringify(facts.settings)}`,
    '',
    ...facts.engines.map(
      ({ engine, available, device, reason, auto }) =>
        `${engine}${auto ? ' (auto)' : ''}: ${available ? device : 'not available'}. ${withoutNames(reason)}`,
    ),
    `GPU: ${Object.entries(facts.gpu)
      .map(([feature, state]) => `${feature} ${state}`)
      .join(', ')}`,
    '',
    `The last ${logLines} lines of the log, without names:`,
    ...facts.log.trimEnd().split('\n').slice(-logLines).map(withoutNames),
  ].join('\n')
}

/** Paths, addresses and whatever stands in quotes are names of the user's. */
export const withoutNames = (line: string): string =>
  line
    .replace(/"[^"]*"|“[^”]*”|'[^']*'|`[^`]*`/g, '"…"')
    .replace(/\b[a-z][a-z-]+:\/\/\S*/gi, '<address>')
    .replace(/(library|folder) (\/|[A-Za-z]:\\).*$/g, '$1 <path>')
    .replace(/(?<![\w<])(\/|[A-Za-z]:[\\/]|\\\\)[^\s:)]+/g, '<path>')

export function readLog(path: string): string {
  try {
    return readRegularText(path)
  } catch {
    return ''
  }
}
