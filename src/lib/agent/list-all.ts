import {BmfoteError} from '../model/errors.ts'
import {callApi} from './api-errors.ts'

/** Far more than anybody has; a server that never ends its pages is not believed. */
const ITEMS_MAX = 50_000

/** The items of all pages. */
export async function listAll<T>(pages: () => AsyncIterable<T>): Promise<T[]> {
  return callApi(async () => {
    const items: T[] = []
    for await (const item of pages()) {
      items.push(item)
      if (items.length > ITEMS_MAX) {
        throw new BmfoteError(
          'unavailable',
          `Anthropic's API lists more than ${ITEMS_MAX} things, and does not end.`,
        )
      }
    }
    return items
  })
}
