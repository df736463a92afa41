import type {Memory} from '../memory/memory.ts'
import {toWire} from '../memory/wire.ts'
import type {Caller} from '../model/principal.ts'
import {withRetries} from './retry.ts'

export interface ExportJsonlQuery {
  workspaceId?: string
  /** Only this session. */
  sessionId?: string
}

/**
 * A workspace as JSON lines: its sessions, then its messages, each in the order they came. Put into an empty memory by
 * importJsonl, they give the same rows.
 */
export async function* exportJsonl(
  memory: Pick<Memory, 'exportPage'>,
  caller: Caller,
  query: ExportJsonlQuery = {},
): AsyncGenerator<string> {
  let cursor: string | undefined
  do {
    const page = await withRetries(() => memory.exportPage(caller, {...query, cursor}))
    for (const session of page.sessions) yield JSON.stringify({kind: 'session', ...toWire(session)})
    for (const message of page.messages) yield JSON.stringify({kind: 'message', ...toWire(message)})
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}
