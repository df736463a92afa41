import type {Stats} from '../model/session.ts'
import {safeLine} from './text/safe-text.ts'
import {fullDate} from './text/when.ts'

export function plainStats(stats: Stats, {place, now}: {place: string; now: Date}): string {
  const rows: [string, string][] = [
    ['messages', stats.messages.toLocaleString('en-US')],
    ['sessions', stats.sessions.toLocaleString('en-US')],
    ['first', fullDate(stats.firstMessage, now)],
    ['last', fullDate(stats.lastMessage, now)],
    ...(stats.workspaceId ? [['workspace', stats.workspaceId] satisfies [string, string]] : []),
    ['memory', place],
  ]
  return rows.map(([name, value]) => `${name.padEnd(10)}${safeLine(value)}`).join('\n')
}
