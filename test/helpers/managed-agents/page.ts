import {invalid} from './api-error.ts'

const PAGE_SIZE = 20
const PAGE_SIZE_MAX = 1000

export interface PageQuery {
  limit?: number
  page?: string | null
}

/**
 * One page, and where the next begins. A cursor names the last item that was given, so that what is added meanwhile
 * neither doubles an item nor hides one. `sizeMax` makes pages small, whatever limit was asked for.
 */
export function pageOf<Item extends {id: string}>(
  items: readonly Item[],
  {limit = PAGE_SIZE, page}: PageQuery,
  sizeMax?: number,
): {data: Item[]; next_page: string | null} {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_SIZE_MAX) {
    throw invalid(`limit: must be a whole number from 1 to ${PAGE_SIZE_MAX}`)
  }
  const start = page ? items.findIndex(({id}) => id === readCursor(page)) + 1 : 0
  if (page && start === 0) throw invalid('page: not a cursor of this list')
  const end = start + Math.min(limit, sizeMax ?? limit)
  const data = items.slice(start, end)
  const last = data.at(-1)
  return {
    data,
    next_page: last && end < items.length ? `page_${Buffer.from(last.id).toString('base64url')}` : null,
  }
}

function readCursor(page: string): string {
  return Buffer.from(page.replace(/^page_/, ''), 'base64url').toString()
}
