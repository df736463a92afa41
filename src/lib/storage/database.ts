import type {InStatement, ResultSet, Row, Transaction} from '@libsql/client'
import type {DatabaseMode} from '../config/database-location.ts'

export type {InStatement, ResultSet, Row, Transaction}

export type Args = Record<string, unknown> | readonly unknown[]

export interface WriteOptions {
  /**
   * Run twice, the statements leave what they leave when they run once, and answer the same. Then a write whose answer
   * was lost on the way, so that nobody knows whether it was committed, is sent again.
   */
  repeatable?: boolean
}

export type SyncReport = {status: 'synced'} | {status: 'skipped'; reason: string}

/** How it stands with the database, for those who run the server. */
export interface DatabaseStatus {
  mode: DatabaseMode
  /** The file's path, or the address without its token. */
  place: string
  /** Of a remote database, also behind a replica: whether it answered when it was last asked. */
  primary?: {url: string; isReachable: boolean; trouble?: string}
  /** Of a replica: when it last had all that the primary had (ISO 8601). */
  syncedAt?: string
}

/**
 * One libSQL database: a local file, a remote one, or a local replica of a remote one. What is thrown is a
 * `BmfoteError` with a `database_*` code or `unavailable`, whatever the client underneath calls it.
 */
export interface Database {
  readonly mode: DatabaseMode
  /** The file's path, or the address without its token. */
  readonly place: string
  query(sql: string, args?: Args): Promise<Row[]>
  /** Several questions that don't need each other's answers: one round trip where there is a network between. */
  queryAll(statements: readonly InStatement[]): Promise<Row[][]>
  /** All or nothing, one after the other; durable when the promise resolves. */
  write(statements: readonly InStatement[], options?: WriteOptions): Promise<ResultSet[]>
  /**
   * For work that must look before it writes: committed when `work` resolves, undone when it throws. Every other write
   * waits meanwhile. Remote, the server takes the lock away after five seconds when somebody else wants it.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Brings a replica to where its primary is; says why there is nothing to do otherwise. */
  sync(): Promise<SyncReport>
  status(): DatabaseStatus
  /** Waits for writes under way. */
  close(): Promise<void>
}

export interface TransactionOptions {
  /** How long to wait for another process's write lock; default: as long as any write does. */
  waitMs?: number
}
