import type {Stats} from '../model/session.ts'
import {thousands} from './text/count.ts'
import {safeLine} from './text/safe-text.ts'
import {type Clock, fullDate} from './text/when.ts'

export function plainStats(stats: Stats, {place, clock}: {place: string; clock: Clock}): string {
  const rows: [string, string][] = [
    ['messages', thousands(stats.messages)],
    ['sessions', thousands(stats.sessions)],
    ['first', fullDate(stats.firstMessage, clock)],
    ['last', fullDate(stats.lastMessage, clock)],
    ...(stats.workspaceId ? [['workspace', stats.workspaceId] satisfies [string, string]] : []),
    ['memory', place],
  ]
  return rows.map(([name, value]) => `${name.padEnd(10)}${safeLine(value)}`).join('\n')
}
