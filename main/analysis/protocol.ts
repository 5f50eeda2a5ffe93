import type { LibraryPlace } from '#db/whereabouts.ts'
import type { Reply } from '#shared/domain/labError.ts'
import type { Question, Questions } from './answer.ts'

/** What the analysis host is told: first which library, then questions, each with a number of its own. */
export type ToAnalysis =
  | { type: 'open'; library: LibraryPlace }
  | { type: 'ask'; id: number; question: Question; args: Parameters<Questions[Question]> }

/** What it answers, by the question's number. */
export interface FromAnalysis {
  id: number
  reply: Reply<Awaited<ReturnType<Questions[Question]>>>
}
