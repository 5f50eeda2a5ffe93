import { defineStore } from 'pinia'
import { nextTick, shallowRef } from 'vue'
import type { CommandName } from '#shared/commands/commands.ts'
import { useBundles } from './bundles.ts'
import { useDemo } from './demo.ts'
import { useExports } from './exports.ts'
import { useImports } from './imports.ts'
import { useLibrary } from './library.ts'
import { useNavigation } from './navigation.ts'
import { useWeights } from './weights.ts'
import { useRemoval } from './removal.ts'
import { maxCompared, useSelection } from './selection.ts'

type Action = () => void
export type CommandActions = Partial<Record<CommandName, Action>>

/** What can be done from anywhere, by menu, key or palette; the names are those of the menu. */
export const useCommands = defineStore('commands', () => {
  const isAboutOpen = shallowRef(false)
  const isPaletteOpen = shallowRef(false)
  const isSettingsOpen = shallowRef(false)
  const imports = useImports()
  const navigation = useNavigation()

  /** Compares the selected runs, if they are two to eight. */
  function compare(): void {
    const { runIds } = useSelection()
    if (runIds.length >= 2 && runIds.length <= maxCompared)
      navigation.go({ view: 'compare', runIds: [...runIds] })
    else navigation.go({ view: 'runs' })
  }

  const actions: Partial<Record<CommandName, Action>> = {
    newRun: () => navigation.go({ view: 'newRun' }),
    importFolder: () => void imports.choose('folder'),
    importArray: () => void imports.choose('array'),
    openBundle: () => void useBundles().choose(),
    importWeights: () => void useWeights().chooseToImport(),
    export: () => useExports().openHere(),
    exportTable: () => void useExports().writeTable(),
    undo: () => void useRemoval().undo(),
    generate: () => imports.generate(),
    runs: () => navigation.go({ view: 'runs' }),
    datasets: () => navigation.go({ view: 'datasets' }),
    sweeps: () => navigation.go({ view: 'sweeps' }),
    newSweep: () => navigation.go({ view: 'newSweep' }),
    compare,
    demo: () => void useDemo().start(),
    noise: () => void useDemo().compareNoise(),
    back: () => navigation.back(),
    forward: () => navigation.forward(),
    openLibrary: () => void useLibrary().choose(),
    settings: () => (isSettingsOpen.value = true),
    copyDiagnostics: () => void useLibrary().copyDiagnostics(),
    about: () => (isAboutOpen.value = true),
    commands: () => (isPaletteOpen.value = true),
  }

  /** What only a view that is open can do. */
  let ofView: CommandActions = {}

  /** A view says what it can do, for as long as it is there. @returns how to end it */
  function provide(provided: CommandActions): () => void {
    ofView = provided
    return () => {
      if (ofView === provided) ofView = {}
    }
  }

  /** Does a command by its name. What is a matter of the table of runs is done there. */
  async function perform(command: CommandName): Promise<void> {
    const action = ofView[command] ?? actions[command]
    if (action) return action()
    navigation.go({ view: 'runs' })
    await nextTick()
    ofView[command]?.()
  }

  return { isAboutOpen, isPaletteOpen, isSettingsOpen, provide, perform }
})
