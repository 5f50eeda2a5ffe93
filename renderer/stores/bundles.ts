import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Source } from '#shared/ipc/contract.ts'
import { formatCountOf } from '../format/number.ts'
import { call, callOrShow, showError } from '../ipc/call.ts'
import { useDatasets } from './datasets.ts'
import { useNavigation } from './navigation.ts'
import { useRunQuery } from './runQuery.ts'
import { useRuns } from './runs.ts'
import { useToasts } from './toasts.ts'

/** Opens bundles, one at a time. */
export const useBundles = defineStore('bundles', () => {
  const isOpening = shallowRef(false)

  /** Takes the bundle's runs into the library and shows them. */
  async function open({ token, name }: Source): Promise<void> {
    if (isOpening.value) return
    isOpening.value = true
    let isCancelled = false
    const doing = useToasts().doing(`Opening “${name}”…`, {
      label: 'Cancel',
      perform() {
        isCancelled = true
        void callOrShow('transfers.cancel', 'bundle')
      },
    })
    const runIds = await call('bundles.open', token).catch((error: unknown) => {
      if (!isCancelled) showError(error)
    })
    useToasts().dismiss(doing)
    if (runIds) {
      await Promise.all([useRuns().refresh(), useDatasets().refresh()])
      // A query could hide what has just come.
      useRunQuery().text = ''
      const navigation = useNavigation()
      navigation.go(runIds.length === 1 ? { view: 'run', runId: runIds[0] } : { view: 'runs' })
      useToasts().done(`Opened ${formatCountOf(runIds.length, 'run')} of “${name}”`)
    }
    isOpening.value = false
  }

  async function choose(): Promise<void> {
    if (isOpening.value) return
    const source = await callOrShow('sources.choose', 'bundle')
    if (source) await open(source)
  }

  /** Opens what the system wants opened: double-clicked bundles. */
  async function openOffered(): Promise<void> {
    for (;;) {
      const source = await callOrShow('bundles.offered')
      if (!source) return
      await open(source)
    }
  }

  return { isOpening, open, choose, openOffered }
})
