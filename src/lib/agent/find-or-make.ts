import {BmfoteError} from '../model/errors.ts'
import {callApi} from './api-errors.ts'
import {createOnce, type Sleep} from './create-once.ts'
import {MARKER_KEY, NONCE_KEY} from './names.ts'

interface Found {
  id: string
  created_at: string
  metadata: Record<string, string>
}

export interface FindOrMake<T extends Found> {
  /** What it is, for people: `vault "bmfote-default"`. */
  what: string
  marker: string
  /** All that bear its name, of all pages. */
  list: () => Promise<T[]>
  create: (metadata: Record<string, string>) => PromiseLike<T>
  archive: (id: string) => PromiseLike<unknown>
  /** Told what happened that the person should know. */
  onNote: (sentence: string) => void
  sleep?: Sleep
}

/**
 * The one of its name, made if there is none. Two machines that make it at once see each other afterwards, and the later
 * one gives way.
 * @throws conflict when there are several: which is meant, nobody can tell
 */
export async function findOrMake<T extends Found>(
  options: FindOrMake<T>,
): Promise<{item: T; isNew: boolean}> {
  const {what, marker, list, create, archive, onNote, sleep} = options
  const [first, ...others] = await list()
  if (others.length > 0) throw ambiguous(what, [first, ...others] as T[])
  if (first) return {item: first, isNew: false}

  const nonce = crypto.randomUUID()
  const own = await createOnce({
    create: () => create({[MARKER_KEY]: marker, [NONCE_KEY]: nonce}),
    find: async () => {
      const items = await list()
      // One that somebody else has made in the meantime is as good.
      return items.find((item) => isOwn(item, nonce)) ?? (items.length === 1 ? items[0] : undefined)
    },
    sleep,
  })
  if (!isOwn(own, nonce)) return {item: own, isNew: false}
  const older = (await list()).filter((item) => item.id !== own.id && isOlder(item, own))
  const [winner] = older.sort((a, b) => (isOlder(a, b) ? -1 : 1))
  if (winner === undefined) return {item: own, isNew: true}
  await callApi(() => archive(own.id))
  onNote(
    `Another machine made the ${what} at the same time (${winner.id}): that one stays, ${own.id} is archived.`,
  )
  return {item: winner, isNew: false}
}

function isOwn({metadata}: Found, nonce: string): boolean {
  return metadata[NONCE_KEY] === nonce
}

function isOlder(a: Found, b: Found): boolean {
  const difference = Date.parse(a.created_at) - Date.parse(b.created_at)
  return difference === 0 || Number.isNaN(difference) ? a.id < b.id : difference < 0
}

export function ambiguous(what: string, items: readonly Found[]): BmfoteError {
  const ids = items.map(({id, created_at}) => `${id} (of ${created_at})`).join(', ')
  return new BmfoteError('conflict', `There are ${items.length} of the ${what}: ${ids}.`, {
    next: 'Archive all but one of them in the Claude Console, and run it again.',
  })
}
