import type {Database} from '../../storage/database.ts'
import {readExtent, readFrequencies} from '../../storage/search-frequencies.ts'
import type {Scope} from '../../storage/search-scope.ts'

const ENTRIES_MAX = 4_000
const EXTENTS_MAX = 100
/** Frequencies change slowly, and decide what is looked at first, not what is there. */
const AGE_MS_MAX = 120_000
/** Until the messages have become more by this share. */
const GROWTH_MAX = 0.02

interface Counted {
  count: number
  atMs: number
  newest: number
}

interface Extent {
  own: number
  others: number
  atMs: number
  newest: number
}

/** How common words are in a scope. */
export interface ScopeFrequencies {
  /** Messages in the scope. */
  total: number
  /** Share of all messages that other workspaces have; 1 while that is not known. */
  othersShare: number
  /** Highest and lowest id of all messages. */
  newest: number
  oldest: number
  /** By expression. */
  counts: ReadonlyMap<string, number>
}

/**
 * How many messages have a word, kept for a while: to count again for every search would take as long as to find.
 * Words that nobody used are never kept, so that the first message with one is found at once.
 */
export class FrequencyCache {
  readonly #database: Database
  readonly #clock: () => number
  readonly #counts = new Map<string, Counted>()
  readonly #extents = new Map<string, Extent>()

  constructor(database: Database, clock: () => number = Date.now) {
    this.#database = database
    this.#clock = clock
  }

  async read(scope: Scope, matches: readonly string[]): Promise<ScopeFrequencies> {
    const nowMs = this.#clock()
    const extent = this.#extents.get(scope.workspaceId)
    const isAlone = scope.isWorkspace && extent !== undefined && extent.others === 0
    const within = isAlone ? null : scope.match
    const key = (match: string) => `${within ?? ''}\0${match}`
    const isFresh = (entry: Counted | Extent | undefined, newest = entry?.newest ?? 0) =>
      entry !== undefined && nowMs - entry.atMs <= AGE_MS_MAX && newest <= entry.newest * (1 + GROWTH_MAX)
    const unknown = matches.filter((match) => !isFresh(this.#counts.get(key(match))))
    let {newest, oldest, total} = await this.#count(within, unknown, {key, nowMs})
    const stale = matches.filter(
      (match) => !unknown.includes(match) && !isFresh(this.#counts.get(key(match)), newest),
    )
    if (stale.length > 0) ({newest, oldest, total} = await this.#count(within, stale, {key, nowMs}))
    const known =
      isFresh(extent, newest) && extent ? extent : await this.#measure(scope.workspaceId, {newest, nowMs})
    if (isAlone && known.others > 0) return this.read(scope, matches)
    const counts = new Map(matches.map((match) => [match, this.#take(key(match))]))
    return {
      total: Math.max(1, scope.isWorkspace ? known.own : total),
      othersShare: known.others / Math.max(1, known.own + known.others),
      newest,
      oldest,
      counts,
    }
  }

  /** Messages of all workspaces. */
  async size(workspaceId: string): Promise<number> {
    const nowMs = this.#clock()
    const known = this.#extents.get(workspaceId)
    const isFresh = known !== undefined && nowMs - known.atMs <= AGE_MS_MAX
    const {own, others} = isFresh ? known : await this.#measure(workspaceId, {newest: 0, nowMs})
    return own + others
  }

  async #count(
    within: string | null,
    matches: readonly string[],
    {key, nowMs}: {key: (match: string) => string; nowMs: number},
  ) {
    const read = await readFrequencies(this.#database, within, matches)
    matches.forEach((match, index) => {
      this.#keep(key(match), {count: read.counts[index] ?? 0, atMs: nowMs, newest: read.newest})
    })
    return read
  }

  async #measure(workspaceId: string, {newest, nowMs}: {newest: number; nowMs: number}): Promise<Extent> {
    const extent = {...(await readExtent(this.#database, workspaceId)), atMs: nowMs, newest}
    if (this.#extents.size >= EXTENTS_MAX) this.#extents.clear()
    this.#extents.set(workspaceId, extent)
    return extent
  }

  #keep(key: string, counted: Counted): void {
    this.#counts.delete(key)
    if (this.#counts.size >= ENTRIES_MAX) {
      const [oldest] = this.#counts.keys()
      if (oldest !== undefined) this.#counts.delete(oldest)
    }
    this.#counts.set(key, counted)
  }

  /** What was asked for last is dropped last. */
  #take(key: string): number {
    const counted = this.#counts.get(key)
    if (!counted) return 0
    if (counted.count === 0) this.#counts.delete(key)
    else this.#keep(key, counted)
    return counted.count
  }
}
