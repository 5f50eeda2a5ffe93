import { app, ipcMain, session } from 'electron'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { momentNow } from '#db/clock.ts'
import { openForReading } from '#db/openForReading.ts'
import { changeCounter } from '#db/queries/changes.ts'
import { emptyTrash, getRun, markInterrupted, trashRuns, untrashRuns } from '#db/queries/runs.ts'
import { removeTelemetryLeftovers } from '#db/telemetryLeftovers.ts'
import { sweepNotedParts } from '#db/unfinished.ts'
import { absenceOf } from '#db/whereabouts.ts'
import { createSources } from '#main/ipc/chosenSources.ts'
import { createHandle } from '#main/ipc/handle.ts'
import { handleCalls } from '#main/ipc/index.ts'
import { createSenderCheck } from '#main/ipc/sender.ts'
import { describeMachine } from '#main/session/machine.ts'
import { createSessions } from '#main/session/sessions.ts'
import { createSweeps } from '#main/sweep/sweeps.ts'
import { LabError, type ErrorReply } from '#shared/domain/labError.ts'
import { numberLocale } from '#shared/numbers/numberLocale.ts'
import type { Events } from '#shared/ipc/contract.ts'
import { createAnalysis } from './analysis.ts'
import type { LabArguments } from './arguments.ts'
import { createBackground } from './background.ts'
import { createClosing } from './closing.ts'
import { coalesce } from './coalesce.ts'
import { createComputeWindows } from './computeWindow.ts'
import { createDamageWatch } from './damageWatch.ts'
import { askForLibrary, askToClose } from './dialogs.ts'
import { createEndNotices } from './endNotices.ts'
import { createEventLoopWatch } from './eventLoopDelay.ts'
import { sessionName } from './exitReason.ts'
import { followLibrary } from './follow.ts'
import { createImports } from './imports.ts'
import { createSessionLauncher } from './launchSession.ts'
import { listenForEnd } from './lifecycle.ts'
import { createLog } from './log.ts'
import { notify } from './notify.ts'
import type { OpenedFiles } from './openedFiles.ts'
import type { Libraries } from './libraries.ts'
import { createLibrarySwitch } from './switchLibrary.ts'
import { createAbout } from './about.ts'
import { createEngineProbe } from './probeEngines.ts'
import { createGpu } from './probeGpu.ts'
import { serveRenderer } from './protocol.ts'
import { isAppUrl } from './rendererFiles.ts'
import { secureApp, secureSession } from './security.ts'
import { openSettings } from './settingsFile.ts'
import { followTheme } from './theme.ts'
import { createTransfers } from './transfers.ts'
import { createTrash } from './trash.ts'
import { showMenu } from './showMenu.ts'
import { startUtility } from './utility.ts'
import { createWindow } from './window.ts'
import { createWindowLink } from './windowLink.ts'

/** Lists in the window are read anew at most four times a second. */
const changesMs = 250

export interface LabOptions {
  /** Folder of the library; made when it is missing and never was there. */
  library: string
  /** Folder of the profile: log, window state. */
  userData: string
  /** Of the settings that all libraries share. */
  settingsPath: string
  windowSize: LabArguments['windowSize']
  openedFiles: OpenedFiles
  libraries: Libraries
}

/**
 * Puts the lab together and opens its window.
 * @throws LabError where the library cannot be opened
 */
export function startLab({
  library: folder,
  userData,
  settingsPath,
  windowSize,
  openedFiles,
  libraries,
}: LabOptions): void {
  const built = (...path: string[]) => join(app.getAppPath(), 'out', ...path)
  const logPath = join(userData, 'logs', 'rho-lab.log')
  const log = createLog(logPath, process.env.RHO_LAB_LOG === 'debug' ? 'debug' : 'info')
  const appVersion = app.getVersion()
  log.info(`Rho Lab ${appVersion}, Electron ${process.versions.electron}, library ${folder}`)

  const removed = removeTelemetryLeftovers()
  if (removed !== null) log.info(removed)
  void sweepNotedParts()

  secureApp(app, log)
  secureSession(session.defaultSession, log)
  serveRenderer(session.defaultSession, built('renderer'))

  const settings = openSettings(settingsPath)
  followTheme(settings)
  // One that was there and has gone was moved, or its drive is not connected: another would only be in the way.
  const hasGone = libraries.wasOpened(folder) && !existsSync(join(folder, 'library.sqlite'))
  if (hasGone) {
    throw new LabError(
      'notFound',
      `The library ${folder} is not there any more: it was moved or deleted, or its disk is not connected. Put it back and start again, or open another.`,
    )
  }
  const library = openForReading(folder, { appVersion })
  libraries.noteOpened(library.folder)
  const place = { folder: library.folder, identity: library.identity }
  const link = createWindowLink()
  const changes = coalesce<Events['library.changed']>(
    changesMs,
    (a, b) => ({ runs: a.runs || b.runs, datasets: a.datasets || b.datasets }),
    (what) => link.send('library.changed', what),
  )
  const tellTrouble = ({ code, message }: ErrorReply) => {
    if (code === 'diskFull' || code === 'lostRun') link.send('trouble', { message })
  }
  const eventLoop = createEventLoopWatch(log)
  const windows = createComputeWindows({
    preload: built('preload', 'compute.cjs'),
    folder: built('renderer'),
    log,
  })
  const gpu = createGpu(windows)
  const sessions = createSessions({
    library,
    parallel: settings.current().parallel,
    launch: createSessionLauncher({
      startUtility: () => startUtility(sessionName, built('main', 'session.js'), log),
      windows,
      gpu,
    }),
    settings: settings.current,
    onChange(runId) {
      sweeps.runChanged(runId)
      endNotices.look(runId)
      changes.push({ runs: true, datasets: false })
      eventLoop.update(sessions.active().length)
      closing.workChanged()
    },
    // The library itself may have no room to say it, or say it of the one who has the run now.
    onEnd: (_runId, { message }, code) => {
      if (code !== null && message !== null) tellTrouble({ code, message })
    },
    onStuck: (error) => tellTrouble(error),
  })
  const sweeps = createSweeps({
    library,
    sessions,
    onChange: () => changes.push({ runs: true, datasets: false }),
    onStuck: (error) => tellTrouble(error),
  })
  const endNotices = createEndNotices({
    active: sessions.active,
    getRun: (runId) => getRun(library, runId),
    isInFront: () => link.current()?.isFocused() ?? true,
    show: (notice, runId) =>
      notify(notice, () => {
        link.bringToFront()
        link.send('openRun', { runId })
      }),
  })
  const trash = createTrash({
    put: (runIds, now) => trashRuns(library, runIds, now),
    restore: (runIds) => untrashRuns(library, runIds),
    empty: (before) => emptyTrash(library, before),
    emptied: () => changes.push({ runs: true, datasets: true }),
    failed: (error) => log.error('deleted runs could not be removed', error),
  })
  settings.onChange(({ parallel }) => sessions.setParallel(parallel))
  const imports = createImports({
    path: built('main', 'importer.js'),
    library: place,
    onProgress: (progress) => link.send('datasets.progress', progress),
    log,
  })
  const analysis = createAnalysis({
    path: built('main', 'analysis.js'),
    library: place,
    log,
  })
  const transfers = createTransfers({
    path: built('main', 'transfer.js'),
    library: place,
    log,
  })
  const stopFollowing = followLibrary({
    changeCounter: () => changeCounter(library),
    markInterrupted: () => markInterrupted(library, momentNow()).length,
    changed: () => changes.push({ runs: true, datasets: true }),
    absence: () => absenceOf(library),
    absent(message) {
      log.warn(message === null ? 'the library is back' : 'the library is not where it was')
      link.send('library.absent', { message })
    },
    failed: (error) => log.error('the library could not be read', error),
  })

  const engines = createEngineProbe(built('main', 'probe.js'), gpu, log)
  const found = createDamageWatch({
    library: library.folder,
    libraries,
    window: link.window,
    rescue: (folder) => transfers.run('rescue', folder),
  })
  const librarySwitch = createLibrarySwitch({
    libraries,
    folder: library.folder,
    askForLibrary: () => askForLibrary(link.window()),
    isBusy: () => sessions.active().length + sessions.queued().length > 0 || imports.active(),
  })
  handleCalls(
    createHandle({
      receiver: ipcMain,
      isTrusted: createSenderCheck(link.current, isAppUrl),
      log,
      onError: (error) => void found(error),
    }),
    {
      library,
      sessions,
      sweeps,
      imports,
      analysis,
      transfers,
      trash,
      sources: createSources(),
      offeredBundle: openedFiles.take,
      window: link,
      settings,
      engines,
      libraries: librarySwitch,
      about: createAbout({ library, settings, engines, logPath, licencesPath: built('licences.json') }),
      changed: changes.push,
      appVersion,
      machine: describeMachine(),
    },
  )

  const closing = createClosing({
    busy: () => ({ runs: sessions.active().length + sessions.queued().length, importing: imports.active() }),
    ask: (busy) => askToClose(link.window(), busy),
    keepsTraining: () => settings.current().keepTraining,
    hide: () => background.hide(),
    isInBackground: () => background.isInBackground(),
    async stop() {
      imports.cancel()
      sweeps.close()
      endNotices.close()
      await Promise.all([sessions.close(), transfers.settled()])
    },
    quit: () => app.quit(),
  })
  showMenu(link, librarySwitch)
  const window = createWindow({
    preload: built('preload', 'index.cjs'),
    statePath: join(userData, 'window.json'),
    size: windowSize,
    locale: numberLocale(process.env, app.getSystemLocale()),
  })
  link.connect(window)
  openedFiles.onOpen(() => link.send('bundles.offered', null))
  const background = createBackground(window, () => app.quit())
  listenForEnd({ window, closing, show: background.show, log })
  app.once('will-quit', () => {
    stopFollowing()
    changes.cancel()
    trash.close()
    analysis.close()
    library.close()
  })
}
