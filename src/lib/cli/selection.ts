import type {Selection} from '../memory/memory.ts'
import {BmfoteError} from '../model/errors.ts'
import {parseTimestamp} from '../model/timestamp.ts'

export interface SelectionWords {
  uuid?: string
  session?: string
  project?: string
  before?: string
}

/** What a person named for deletion; exactly one thing, for "all of these" and "any of these" are too easily mixed up. */
export function selectionOf({uuid, session, project, before}: SelectionWords): Selection {
  const named = [uuid ?? session, project, before].filter((word) => word !== undefined)
  if (named.length !== 1 || named[0] === '') {
    throw new BmfoteError(
      'invalid_input',
      'Name one thing to forget: a uuid, --session, --project or --before.',
      {
        next: 'bmfote forget --help',
      },
    )
  }
  if (project !== undefined) return {project}
  if (before !== undefined) return {before: checkedDate(before)}
  return uuid === undefined ? {sessionId: session ?? ''} : {uuid, sessionId: session}
}

function checkedDate(text: string): string {
  if (parseTimestamp(text)) return text
  throw new BmfoteError('invalid_input', `"${text}" is no date.`, {next: 'write it as in 2026-01-31'})
}
