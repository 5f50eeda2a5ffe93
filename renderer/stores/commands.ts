import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useBundles } from './bundles.ts'
import { useDemo } from './demo.ts'
import { useExports } from './exports.ts'
import { useImports } from './imports.ts'
import { useNavigation } from './navigation.ts'
import { useWeights } from './weights.ts'
import { maxCompared, useSelection } from './selection.ts'

/** What can be done from anywhere, by menu, key or palette; the names are those of the menu. */
export const useCommands = defineStore('commands', () => {
  const isAboutOpen = shallowRef(false)
  const isPaletteOpen = shallowRef(false)
  const imports = useImports()
  const navigation = useNavigation()

  /** Compares the selected runs, if they are two to eight. */
  function compare(): void {
    const { runIds } = useSelection()
    if (runIds.length >= 2 && runIds.length <= maxCompared)
      navigation.go({ view: 'compare', runIds: [...runIds] })
    else navigation.go({ view: 'runs' })
  }

  const actions: Readonly<Record<string, () => void>> = {
    newRun: () => navigation.go({ view: 'newRun' }),
    importFolder: () => void imports.choose('folder'),
    importArray: () => void imports.choose('array'),
    openBundle: () => void useBundles().choose(),
    importWeights: () => void useWeights().chooseToImport(),
    export: () => useExports().openHere(),
    generate: () => imports.generate(),
    runs: () => navigation.go({ view: 'runs' }),
    datasets: () => navigation.go({ view: 'datasets' }),
    compare,
    demo: () => void useDemo().start(),
    back: () => navigation.back(),
    forward: () => navigation.forward(),
    about: () => (isAboutOpen.value = true),
    commands: () => (isPaletteOpen.value = true),
  }

  /** Does a command by its name; the window does not know them all on every platform. */
  function perform(command: string): void {
    if (Object.hasOwn(actions, command)) actions[command]()
  }

  return { isAboutOpen, isPaletteOpen, perform }
})
