import type { RunSummary } from '../domain/run.ts'
import { numberFields, wordFields } from './fields.ts'
import type { Operator, Query, Term } from './parseQuery.ts'

/** Two settings written differently are the same number: 0.1 + 0.2 and 0.3. */
const equal = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))

function compares(value: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case '<':
      return value < bound && !equal(value, bound)
    case '<=':
      return value < bound || equal(value, bound)
    case '>':
      return value > bound && !equal(value, bound)
    case '>=':
      return value > bound || equal(value, bound)
    case '=':
    case ':':
    case '!=': // the term is negated
      return equal(value, bound)
  }
}

function holds(term: Term, run: RunSummary): boolean {
  switch (term.kind) {
    case 'words':
      return (
        run.name.toLowerCase().includes(term.word) ||
        run.datasetName.toLowerCase().includes(term.word) ||
        run.tags.some((tag) => tag.toLowerCase().includes(term.word))
      )
    case 'number': {
      const value = numberFields[term.field](run)
      return value !== null && compares(value, term.operator, term.value)
    }
    case 'text':
      return wordFields[term.field](run).some((word) =>
        term.equals ? word.toLowerCase() === term.value : word.toLowerCase().includes(term.value),
      )
  }
}

/** Whether a run meets every term. A comparison with a number that the run does not have (yet) is not met; its negation is. */
export const matchesQuery = (query: Query, run: RunSummary): boolean =>
  query.terms.every((term) => holds(term, run) !== term.negated)
