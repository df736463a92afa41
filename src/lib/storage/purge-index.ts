import type {Database} from './database.ts'

/** Pages of the index that are rewritten before other writes have their turn. */
const PAGES_PER_STEP = 1_000
/** What a deletion waits for; in a memory of hundreds of thousands of messages later writes do the rest. */
const PURGE_MS_MAX = 5_000

/**
 * Takes the words of deleted messages out of the index itself. Deleting a row only notes that it is gone: its words stay
 * in the file until the part of the index that holds them is written anew, which may be never.
 */
export async function purgeIndex(database: Database): Promise<void> {
  const deadline = performance.now() + PURGE_MS_MAX
  while (performance.now() < deadline) {
    const [before, , after] = await database.write([
      'SELECT total_changes() AS changes',
      `INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', -${PAGES_PER_STEP})`,
      'SELECT total_changes() AS changes',
    ])
    // FTS5's own sign that there was nothing left to do.
    if (Number(after?.rows[0]?.changes) - Number(before?.rows[0]?.changes) < 2) return
  }
}
