import { app, clipboard } from 'electron'
import { readFile, rm } from 'node:fs/promises'
import type { Library } from '#db/library.ts'
import { countAll } from '#db/queries/changes.ts'
import { schemaVersion } from '#db/migrate.ts'
import { choiceFolder } from '#main/engine/choice/choiceStore.ts'
import type { AboutServices } from '#main/ipc/services.ts'
import { describeMachine } from '#main/session/machine.ts'
import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import type { Licence } from '#shared/domain/licence.ts'
import { describeForReport, readLog } from './diagnostics.ts'
import type { SettingsStore } from './settingsFile.ts'

export interface AboutOptions {
  library: Library
  settings: SettingsStore
  engines(): Promise<EngineStatus[]>
  logPath: string
  /** Written by the build. */
  licencesPath: string
}

export function createAbout(options: AboutOptions): AboutServices {
  const { library, settings, engines, logPath, licencesPath } = options
  return {
    async copyDiagnostics() {
      clipboard.writeText(
        describeForReport({
          appVersion: app.getVersion(),
          machine: describeMachine(),
          versions: process.versions,
          engines: await engines(),
          gpu: { ...app.getGPUFeatureStatus() },
          library: { schemaVersion: schemaVersion(library.db), ...countAll(library) },
          settings: settings.current(),
          log: readLog(logPath),
        }),
      )
    },
    licences: async () => JSON.parse(await readFile(licencesPath, 'utf8')) as Licence[],
    forgetMeasurements: () => rm(choiceFolder(), { recursive: true, force: true }),
  }
}
