import type {ServerResponse} from 'node:http'
import type {SessionEvent, StreamQuery} from './api-shapes.ts'
import type {Faults} from './faults.ts'
import type {LiveSession} from './live-session.ts'

const DELTA_CHARS = 40

/** Server-sent events of what happens from now on, until the session is over or the client has gone. */
export function streamEvents(
  live: LiveSession,
  response: ServerResponse,
  {faults, query}: {faults: Faults; query: StreamQuery},
): void {
  response.writeHead(200, {'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache'})
  response.flushHeaders()
  const ending = faults.take('stream_ends')
  let sent = 0
  const end = () => {
    unsubscribe()
    if (ending?.how === 'cut') response.destroy()
    else if (ending?.how !== 'silent') response.end()
  }
  const unsubscribe = live.log.subscribe((event) => {
    if (ending && sent >= ending.after) return end()
    if (event.type === 'agent.message' && query.event_deltas?.includes('agent.message'))
      writeDeltas(response, event)
    write(response, event)
    sent++
    const isOver = event.type === 'session.deleted' || event.type === 'session.status_terminated'
    if (isOver || (ending && sent >= ending.after)) end()
  })
  response.on('close', unsubscribe)
  if (ending?.after === 0) end()
  else if (live.session.status === 'terminated') response.end()
}

function write(response: ServerResponse, event: {type: string}): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}

function writeDeltas(response: ServerResponse, event: Extract<SessionEvent, {type: 'agent.message'}>): void {
  write(response, {type: 'event_start', event: {id: event.id, type: 'agent.message'}} as {type: string})
  for (const [index, block] of event.content.entries()) {
    if (block.type !== 'text') continue
    for (let at = 0; at < block.text.length; at += DELTA_CHARS) {
      const content = {type: 'text', text: block.text.slice(at, at + DELTA_CHARS)}
      const delta = {type: 'content_delta', index, content}
      write(response, {type: 'event_delta', event_id: event.id, delta} as {type: string})
    }
  }
}
