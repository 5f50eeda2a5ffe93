import type { DatasetSummary, DatasetStatistics } from '#shared/domain/dataset.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { unreachableValues } from '#shared/domain/unreachableValues.ts'
import { activationTable, patchRangeText, type ActivationName } from '#shared/model/activations.ts'
import { heldOutCount } from '#shared/model/heldOutCount.ts'
import { formatCount } from '../../format/number.ts'

/** Something about a configuration and its data that will not give what one expects, and the mend. */
export interface Remark {
  text: string
  mend: string
}

function normalisationRemark(config: RunConfig, dataset: DatasetSummary): Remark | null {
  const { normalisation } = dataset
  if (normalisation.kind !== 'squash' || config.decoder === 'linear') return null
  const made = normalisation.range
  const { activation } = config
  const reach = (name: ActivationName) =>
    activationTable[name].patchRange[1] - activationTable[name].patchRange[0]
  if (reach(made) > reach(activation) / 2) return null
  return {
    text: `The patches were mapped to ${patchRangeText(made, '–')} for ${made} units; ${activation} units use only half of their range.`,
    mend: `Sample the dataset again for ${activation}, or choose ${made}.`,
  }
}

/**
 * What does not fit between a configuration and a dataset. None of it stops a run.
 * @param statistics of the dataset; null until they are read
 */
export function fitRemarks(
  config: RunConfig,
  dataset: DatasetSummary,
  statistics: DatasetStatistics | null,
): Remark[] {
  const remarks: (Remark | null)[] = [
    statistics && unreachableValues(config, statistics.after.histogram),
    normalisationRemark(config, dataset),
  ]
  const trained = dataset.patches - heldOutCount(dataset.patches, config.validation)
  if (config.optimiser !== 'lbfgs' && config.batch > trained) {
    remarks.push({
      text: `A batch of ${formatCount(config.batch)} is more than the ${formatCount(trained)} patches there are${trained < dataset.patches ? ' to train on' : ''}.`,
      mend: 'Every step then takes all patches; choose a smaller batch, or L-BFGS.',
    })
  }
  const parameters = parameterCount(dataset.visible, config.hidden)
  if (dataset.patches < config.hidden) {
    remarks.push({
      text: `There are fewer patches (${formatCount(dataset.patches)}) than hidden units (${formatCount(config.hidden)}).`,
      mend: 'Units will learn single patches by heart; sample more patches.',
    })
  }
  if (parameters > 20_000_000) {
    remarks.push({
      text: `${formatCount(parameters)} parameters take long and much memory.`,
      mend: 'Choose fewer hidden units or smaller patches.',
    })
  }
  return remarks.filter((remark) => remark !== null)
}

/** W1, W2, b1 and b2 together. */
export const parameterCount = (visible: number, hidden: number): number =>
  2 * visible * hidden + visible + hidden
