import {statSync} from 'node:fs'
import type {Memory} from '../memory/memory.ts'
import type {Metrics} from './metrics.ts'

export interface DatabaseStanding {
  mode: 'file' | 'remote' | 'replica'
  database: string
  databaseBytes?: number
  primaryUrl?: string
  primaryReachable?: boolean
  trouble?: string
  syncedAt?: string
  syncLagSeconds?: number
}

/** Undefined where the memory has no database of its own to speak of. */
export async function readDatabaseStanding(memory: Memory): Promise<DatabaseStanding | undefined> {
  const status = await memory.status?.()
  if (!status) return undefined
  const {mode, place, primary, syncedAt} = status
  return {
    mode,
    database: place,
    databaseBytes: mode === 'remote' ? undefined : sizeOf(place),
    primaryUrl: primary?.url,
    primaryReachable: primary?.isReachable,
    trouble: primary?.trouble,
    syncedAt,
    syncLagSeconds: syncedAt === undefined ? undefined : (Date.now() - Date.parse(syncedAt)) / 1_000,
  }
}

/** Asked when somebody scrapes, and at no other time. */
export function watchDatabase(metrics: Metrics, memory: Memory): void {
  metrics.addGauge({
    name: 'bmfote_database_bytes',
    help: 'The database file, or the copy of a replica, with its WAL.',
    read: async () => (await readDatabaseStanding(memory))?.databaseBytes,
  })
  metrics.addGauge({
    name: 'bmfote_sync_lag_seconds',
    help: 'Of a replica: how long ago it last had all that its primary had.',
    read: async () => (await readDatabaseStanding(memory))?.syncLagSeconds,
  })
  metrics.addGauge({
    name: 'bmfote_primary_reachable',
    help: 'Of a remote database: 1 when it answered when it was last asked.',
    read: async () => {
      const reachable = (await readDatabaseStanding(memory))?.primaryReachable
      return reachable === undefined ? undefined : Number(reachable)
    },
  })
}

function sizeOf(path: string): number | undefined {
  const sizes = [path, `${path}-wal`].map((file) => statSync(file, {throwIfNoEntry: false})?.size)
  return sizes[0] === undefined ? undefined : sizes[0] + (sizes[1] ?? 0)
}
