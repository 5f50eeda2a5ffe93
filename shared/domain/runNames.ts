import { runSettings, valueText } from '../settings/runSettings.ts'
import type { ChoiceSetting } from '../settings/setting.ts'
import type { RunSummary } from './run.ts'

const namesOf = <Value extends string>({ choices }: ChoiceSetting<Value>) =>
  Object.fromEntries(
    Object.entries<{ label: string }>(choices).map(([value, { label }]) => [value, label]),
  ) as Record<Value, string>

export const engineNames = namesOf(runSettings.engine)

/** What the engine was, once it computes; before, what was asked for. */
export const engineOfRun = (run: RunSummary): string =>
  valueText(runSettings.engine, run.engine?.engine ?? run.config.engine)
