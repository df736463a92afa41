import type {Backup} from '../../memory/backup-database.ts'
import type {DatabaseCheck} from '../../memory/check-database.ts'
import type {PreparedRestore} from '../../memory/restore-database.ts'
import {count} from '../text/count.ts'
import {safeLine} from '../text/safe-text.ts'

export function backupText({file, bytes, messages, sessions}: Backup): string {
  return `${safeLine(file)}: ${contents({messages, sessions})}, ${megabytes(bytes)}.`
}

export function restorePlanText({file, place, messages, sessions}: PreparedRestore): string {
  return [
    `The backup   ${safeLine(file)}: ${contents({messages, sessions})}`,
    `takes the place of   ${safeLine(place)}, which is kept beside it under another name.`,
  ].join('\n')
}

export function restoreText(
  {file, place, messages, sessions, isOutdated}: PreparedRestore,
  keptAs?: string,
): string {
  return [
    `${safeLine(place)} is now ${safeLine(file)}: ${contents({messages, sessions})}.`,
    keptAs === undefined ? '' : `What was there is kept as ${safeLine(keptAs)}.`,
    isOutdated ? 'It is of an older version; the next start brings it up to date.' : '',
  ]
    .filter((line) => line !== '')
    .join('\n')
}

export function checkText({
  place,
  problems,
  repaired,
  counts,
  isOutdated,
  schemaVersion,
}: DatabaseCheck): string {
  const mended = repaired.map((problem) => `Mended: ${problem}`)
  if (problems.length > 0) {
    return [...mended, `${safeLine(place)} is not whole:`, ...problems.map((problem) => `  ${problem}`)].join(
      '\n',
    )
  }
  if (isOutdated) {
    const state = schemaVersion === 0 ? 'has no schema of this release yet' : `has schema ${schemaVersion}`
    return `${safeLine(place)} ${state}: the next start of the server brings it up to date. The file itself is whole.`
  }
  const {messages = 0, sessions = 0, workspaces = 0, deleted = 0} = counts ?? {}
  const held = [
    count(messages, 'message'),
    count(sessions, 'session'),
    count(workspaces, 'workspace'),
    count(deleted, 'deletion'),
  ]
  return [...mended, `${safeLine(place)} is whole: ${held.join(', ')}.`].join('\n')
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

function contents({messages, sessions}: {messages?: number; sessions?: number}): string {
  if (messages === undefined || sessions === undefined) return 'a database of an older version'
  return `${count(messages, 'message')} of ${count(sessions, 'session')}`
}
