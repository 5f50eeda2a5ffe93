import { pointNotation, readNumber, type Notation } from '../numbers/typedNumber.ts'
import { countFields, fieldOf, numberFields } from './fields.ts'

export const operators = ['<=', '>=', '!=', '<', '>', '=', ':'] as const
export type Operator = (typeof operators)[number]

/** One condition; a run must meet all of them. `negated` turns it round (written with a leading −). */
export type Term =
  | { kind: 'words'; word: string; negated: boolean }
  | { kind: 'number'; field: string; operator: Operator; value: number; negated: boolean }
  | { kind: 'text'; field: string; equals: boolean; value: string; negated: boolean }

/** A stretch of the text as it is coloured while typing; all of them in order are the text. */
export interface Piece {
  kind: 'space' | 'field' | 'operator' | 'value' | 'word' | 'problem'
  text: string
}

export interface Query {
  terms: readonly Term[]
  pieces: readonly Piece[]
  /** The first thing that could not be understood, as a sentence; its term is left out. */
  problem: string | null
}

/** Spaces, or a run of characters in which quotes hold spaces together; an open quote reaches to the end. */
const chunk = /\s+|(?:"[^"]*"?|[^\s"])+/g

/** [−] field operator value; a field is a word or words with dashes, the operator the first one that stands after it. */
const condition = /^(-?)([\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*)(<=|>=|!=|<|>|=|:)(.*)$/su

const unquoted = (text: string): string => text.replaceAll('"', '')

interface Parsed {
  term: Term | null
  pieces: Piece[]
  problem: string | null
}

function parseWord(text: string): Parsed {
  const negated = text.startsWith('-') && text.length > 1
  const word = unquoted(negated ? text.slice(1) : text).toLowerCase()
  return {
    term: word === '' || word === '-' ? null : { kind: 'words', word, negated },
    pieces: [{ kind: 'word', text }],
    problem: null,
  }
}

function parseCondition(
  text: string,
  [, dash, written, operator, value]: RegExpMatchArray,
  notation: Notation,
): Parsed {
  const field = fieldOf(written)
  const bad = (problem: string): Parsed => ({ term: null, pieces: [{ kind: 'problem', text }], problem })
  if (field === null) return bad(`Runs have no field “${written}”. Try rho, cost, hidden, tag or status.`)

  const pieces: Piece[] = [
    { kind: 'field', text: dash + written },
    { kind: 'operator', text: operator },
    { kind: 'value', text: value },
  ]
  const negated = (dash === '-') !== (operator === '!=')
  // Still being typed: nothing to compare with yet.
  if (unquoted(value) === '')
    return { term: null, pieces: pieces.filter((piece) => piece.text), problem: null }

  if (Object.hasOwn(numberFields, field)) {
    const { value: number, problem } = readNumber(unquoted(value), notation, countFields.has(field))
    if (Number.isNaN(number))
      return bad(problem ?? `“${unquoted(value)}” is not a number: write ${written}<=0.05, for example.`)
    return {
      term: { kind: 'number', field, operator: operator as Operator, value: number, negated },
      pieces,
      problem: null,
    }
  }
  if (operator !== ':' && operator !== '=' && operator !== '!=') {
    return bad(`${field} is text: write ${written}:${unquoted(value)}.`)
  }
  const term: Term = {
    kind: 'text',
    field,
    equals: operator !== ':',
    value: unquoted(value).toLowerCase(),
    negated,
  }
  return { term, pieces, problem: null }
}

/**
 * Reads a query on runs: conditions (`rho<=0.05`, `tag:thesis`, `name:"fig 3"`, `-status:failed`) and free words.
 * Never throws: what cannot be read is left out and named in `problem`.
 * @param notation  how the user's country writes numbers
 */
export function parseQuery(text: string, notation: Notation = pointNotation): Query {
  const terms: Term[] = []
  const pieces: Piece[] = []
  let problem: string | null = null
  for (const [part] of text.matchAll(chunk)) {
    if (part.trim() === '') {
      pieces.push({ kind: 'space', text: part })
      continue
    }
    const match = part.match(condition)
    const parsed = match ? parseCondition(part, match, notation) : parseWord(part)
    if (parsed.term) terms.push(parsed.term)
    pieces.push(...parsed.pieces)
    problem ??= parsed.problem
  }
  return { terms, pieces, problem }
}
