import type {Client} from '@libsql/client'
import type {RemoteLocation} from '../config/database-location.ts'
import {BmfoteError} from '../model/errors.ts'
import type {
  Args,
  Database,
  DatabaseStatus,
  InStatement,
  ResultSet,
  Row,
  SyncReport,
  Transaction,
  TransactionOptions,
  WriteOptions,
} from './database.ts'
import {isBusy, isTooLarge, toBmfoteError, wasNeverSent, wasNotAnswered} from './database-error.ts'
import {ANSWER_MS_MAX, remoteFetch, SCHEMA_MS_MAX} from './remote-fetch.ts'
import {exactArgs} from './statement-args.ts'

/** What may fail by itself in passing is tried so often in all. */
const ATTEMPTS_MAX = 3
const PAUSE_MS = 150
/** Who has waited longer than this is told so, rather than made to wait again. */
const PATIENCE_MS = 10_000

/**
 * A database that did not answer is left alone for so long: whoever asks meanwhile is told at once, and does not wait
 * for what others have just waited for in vain.
 */
const AWAY_MS = 2_000

/** Rows of one page where an answer is larger than a server gives (10 MB). */
const PAGE_ROWS = 20

/** Of one round trip: what they answer must not be more than a server sends at once. */
const QUESTIONS_MAX = 40

interface Question {
  sql: string
  args: Args
  resolve: (rows: Row[]) => void
  reject: (error: unknown) => void
}

/** A libSQL server or Turso over HTTP: a statement is one round trip, and so is a batch. */
export class RemoteDatabase implements Database {
  readonly mode = 'remote'
  readonly place: string
  readonly #client: Client
  /** The same, but that it waits longer for an answer. */
  readonly #patientClient: Client
  #questions: Question[] = []
  #writes: Promise<unknown> = Promise.resolve()
  #awayUntil = 0
  #trouble?: BmfoteError

  constructor(place: string, clients: {client: Client; patientClient: Client}) {
    this.place = place
    this.#client = clients.client
    this.#patientClient = clients.patientClient
  }

  /** What is asked in one turn of the event loop shares a round trip. */
  query(sql: string, args: Args = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#questions.push({sql, args, resolve, reject})
      if (this.#questions.length === 1) setImmediate(() => this.#askAll())
    })
  }

  queryAll(statements: readonly InStatement[]): Promise<Row[][]> {
    return Promise.all(
      statements.map((statement) =>
        typeof statement === 'string'
          ? this.query(statement)
          : this.query(statement.sql, statement.args as Args),
      ),
    )
  }

  write(statements: readonly InStatement[], {repeatable = false}: WriteOptions = {}): Promise<ResultSet[]> {
    const exact = statements.map(exactArgs)
    const mayRepeat = repeatable ? isRepeatable : wasNeverSent
    return this.#enqueue(() => this.#attempt(() => this.#client.batch(exact, 'write'), mayRepeat))
  }

  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    {waitMs = 0}: TransactionOptions = {},
  ): Promise<T> {
    return this.#enqueue(async () => {
      const deadline = Date.now() + waitMs
      for (;;) {
        try {
          return await this.#attempt(() => this.#transact(work), wasNeverSent)
        } catch (error) {
          // The lock was taken away, and with it all that was done: another server is at the same work.
          if (!isBusy(error) || Date.now() > deadline) throw error
        }
      }
    })
  }

  async sync(): Promise<SyncReport> {
    return {status: 'skipped', reason: 'The database is remote and read where it is; there is no copy here.'}
  }

  status(): DatabaseStatus {
    const {place: url} = this
    const trouble = this.#trouble?.message
    return {mode: this.mode, place: url, primary: {url, isReachable: trouble === undefined, trouble}}
  }

  async close(): Promise<void> {
    await this.#writes
    this.#client.close()
    this.#patientClient.close()
  }

  #askAll(): void {
    const questions = this.#questions
    this.#questions = []
    for (let start = 0; start < questions.length; start += QUESTIONS_MAX) {
      void this.#askTogether(questions.slice(start, start + QUESTIONS_MAX))
    }
  }

  async #askTogether(questions: readonly Question[]): Promise<void> {
    if (questions.length > 1) {
      const statements = questions.map(({sql, args}) => exactArgs({sql, args} as InStatement))
      try {
        const results = await this.#attempt(() => this.#client.batch(statements, 'read'), isRepeatable)
        for (const [index, {resolve}] of questions.entries()) resolve(results[index]?.rows ?? [])
        return
      } catch (error) {
        // Away is away for all of them; anything else may be about one, which then fails alone.
        if (error instanceof BmfoteError && error.code === 'unavailable') {
          for (const {reject} of questions) reject(error)
          return
        }
      }
    }
    await Promise.all(
      questions.map(({sql, args, resolve, reject}) => this.#ask(sql, args).then(resolve, reject)),
    )
  }

  async #ask(sql: string, args: Args): Promise<Row[]> {
    const statement = exactArgs({sql, args} as InStatement)
    try {
      return (await this.#attempt(() => this.#client.execute(statement), isRepeatable)).rows
    } catch (error) {
      if (!isTooLarge(error)) throw error
      return this.#queryPages(sql, args)
    }
  }

  /** Whatever the server sends at once is too much; so it is asked for a little at a time. */
  async #queryPages(sql: string, args: Args): Promise<Row[]> {
    const rows: Row[] = []
    for (;;) {
      const page = `SELECT * FROM (${sql}) LIMIT ${PAGE_ROWS} OFFSET ${rows.length}`
      const statement = exactArgs({sql: page, args} as InStatement)
      const result = await this.#attempt(() => this.#client.execute(statement), isRepeatable)
      rows.push(...result.rows)
      if (result.rows.length < PAGE_ROWS) return rows
    }
  }

  async #transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const transaction = await this.#patientClient.transaction('write')
    try {
      const result = await work(transaction)
      await transaction.commit()
      return result
    } finally {
      transaction.close()
    }
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#writes.then(work)
    this.#writes = run.catch(() => {})
    return run
  }

  async #attempt<T>(work: () => Promise<T>, mayRepeat: (error: unknown) => boolean): Promise<T> {
    if (this.#trouble && Date.now() < this.#awayUntil) throw this.#trouble
    const deadline = Date.now() + PATIENCE_MS
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await work()
        this.#trouble = undefined
        return result
      } catch (error) {
        if (attempt < ATTEMPTS_MAX && Date.now() < deadline && mayRepeat(error)) {
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt))
          continue
        }
        throw this.#remember(error)
      }
    }
  }

  #remember(error: unknown): BmfoteError {
    const known = toBmfoteError(error, this.place)
    const isAway = known.code === 'unavailable'
    this.#trouble = isAway ? known : undefined
    if (isAway && wasNotAnswered(error)) this.#awayUntil = Date.now() + AWAY_MS
    return known
  }
}

/** Reading twice, or writing what may be written twice, does no harm. */
function isRepeatable(error: unknown): boolean {
  return wasNotAnswered(error) || isBusy(error)
}

/** Nothing is asked of the server yet. */
export async function openRemoteDatabase({url, authToken}: RemoteLocation): Promise<RemoteDatabase> {
  const {createClient} = await import('@libsql/client/http')
  const connect = (answerMsMax: number) =>
    createClient({url, authToken, fetch: remoteFetch(url, answerMsMax)})
  return new RemoteDatabase(url, {
    client: connect(ANSWER_MS_MAX),
    patientClient: connect(SCHEMA_MS_MAX),
  })
}
