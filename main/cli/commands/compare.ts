import { findRun } from '#db/queries/runs.ts'
import { explainedVariance } from '#main/analysis/explainedVariance.ts'
import { matchRuns } from '#main/analysis/matchRuns.ts'
import { comparePng } from '#main/export/comparePng.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import type { MatchedRuns } from '#shared/domain/unit.ts'
import { LabError } from '#shared/domain/labError.ts'
import { comparedSettings, doDiffer } from '#shared/domain/usedSettings.ts'
import { matchedAbove } from '#shared/filters/partners.ts'
import { labCommand } from '../command.ts'
import { fixed, table } from '../text.ts'

const results: [string, (run: RunSummary) => number | null | undefined][] = [
  ['cost', (run) => run.cost],
  ['reconstruction', (run) => run.reconstruction],
  ['weightDecay', (run) => run.weightDecay],
  ['sparsity', (run) => run.sparsity],
  ['rhoHat mean', (run) => run.rhoHat?.mean],
]

export const compareCommand = labCommand<{ png?: string }>(
  'compare <run...>',
  'what differs between runs, their results, how alike their filters are, and these side by side',
  async (names, options, context) => {
    const library = context.library()
    const runs = names.map((name) => findRun(library, name))
    if (runs.length < 2) throw new LabError('badUsage', 'Name two runs or more to compare.')
    const matched = matchRuns(
      library,
      runs.map(({ id }) => id),
    )
    const explained = runs.map((run) => explainedVariance(library, run))
    const holdsOut = explained.some(({ heldOut }) => heldOut !== null)
    const differs = comparedSettings(runs).filter(doDiffer)
    if (options.png !== undefined) {
      await comparePng(
        library,
        runs.map(({ id }) => id),
        options.png,
        context.interrupted,
      )
    }
    const rows = [
      ...differs.map(({ setting, values }) => [setting, ...values.map((value) => String(value ?? '–'))]),
      ...results.map(([name, value]) => [name, ...runs.map((run) => fixed(value(run)))]),
      [
        holdsOut ? 'variance explained, trained on' : 'variance explained',
        ...explained.map(({ trained }) => fixed(trained)),
      ],
      ...(holdsOut
        ? [
            ['reconstruction, held out', ...runs.map((run) => fixed(run.validation))],
            ['variance explained, held out', ...explained.map(({ heldOut }) => fixed(heldOut))],
          ]
        : []),
    ]
    const text = [
      table(['', ...runs.map((run) => `${run.id} ${run.name}`)], rows),
      ...similarityTable(runs, matched),
      ...(options.png !== undefined ? [`Wrote ${options.png}.`] : []),
    ].join('\n')
    return {
      json: {
        runs,
        differs,
        varianceExplained: explained.map(({ trained }) => trained),
        varianceExplainedHeldOut: explained.map(({ heldOut }) => heldOut),
        matches: matched.pairs.map((pair) => pairOf(runs, pair)),
        png: options.png ?? null,
      },
      text,
    }
  },
).option('--png <file>', 'write the filter grids side by side, at one scale')

/** How alike the filters of every two runs of the same patch size are, paired one to one. */
function similarityTable(runs: readonly RunSummary[], { pairs }: MatchedRuns): string[] {
  if (pairs.length === 0) return []
  const rows = pairs.map(({ first, second, similarity, matchedShare }) => [
    `${runs[first].id} and ${runs[second].id}`,
    fixed(similarity, 2),
    `${(100 * matchedShare).toFixed(0)}%`,
  ])
  return ['', table(['filters of', 'mean cosine', `above ${matchedAbove}`], rows)]
}

/** Filters of two runs that are each other's partners, by their rows in W1 (from 0), with their cosines. */
function pairOf(
  runs: readonly RunSummary[],
  { first, second, partner, cosine, similarity, matchedShare }: MatchedRuns['pairs'][number],
) {
  return {
    runs: [runs[first].id, runs[second].id],
    similarity,
    matchedShare,
    pairs: [...partner].flatMap((to, from) => (to < 0 ? [] : [{ rows: [from, to], cosine: cosine[from] }])),
  }
}
