import {count} from './text/count.ts'
import {safeLine} from './text/safe-text.ts'

/** What the summaries of all imports have in common, for people. */
export interface ImportOutcome {
  stored: number
  deleted: number
  bad: number
  truncated: number
  /** Sentences without a full stop. */
  problems: string[]
  /** What else there is to say, each a sentence. */
  notes: string[]
  place: string
}

/** The outcome of an import: what is there now, and what is not, and why. */
export function importOutcomeText(outcome: ImportOutcome): string {
  const {stored, deleted, bad, truncated, problems, notes, place} = outcome
  const lines = [
    stored > 0
      ? `${count(stored, 'message')} stored in ${safeLine(place)}.`
      : `Nothing new for ${safeLine(place)}.`,
    ...notes,
    deleted > 0 ? `${count(deleted, 'message')} had been deleted there before, and stay away.` : '',
    truncated > 0
      ? `${count(truncated, 'message')} had more than is kept; a mark in each says how much.`
      : '',
    bad > 0 ? `${count(bad, 'line')} could not be taken:` : '',
    ...problems.map((problem) => `  ${safeLine(problem)}`),
    bad > problems.length && problems.length > 0 ? `  … and ${count(bad - problems.length, 'other')}` : '',
  ]
  return lines.filter((line) => line !== '').join('\n')
}
