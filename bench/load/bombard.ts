import {randomUUID} from 'node:crypto'
import autocannon, {type Request} from 'autocannon'

export interface Bombardment {
  requestsPerSecond: number
  msP50: number
  msP99: number
  msMax: number
  requests: number
  /** Answers that were none, or not 2xx: must be 0. */
  failures: number
}

export interface Target {
  url: string
  token?: string
  seconds: number
  connections: number
}

/** One kind of request, over and over, from several connections at once. */
export async function bombard(target: Target, requests: Request[]): Promise<Bombardment> {
  const {url, token, seconds, connections} = target
  const authorization = token === undefined ? {} : {authorization: `Bearer ${token}`}
  const result = await autocannon({
    url,
    duration: seconds,
    connections,
    timeout: 30,
    headers: {...authorization, 'content-type': 'application/json'},
    requests,
  })
  const {latency, errors, non2xx} = result
  return {
    requestsPerSecond: Math.round(result.requests.average),
    msP50: latency.p50,
    msP99: latency.p99,
    msMax: latency.max,
    requests: result.requests.total,
    failures: errors + non2xx,
  }
}

export function searches(queries: readonly string[]): Request[] {
  return queries.map((query) => ({method: 'GET', path: `/api/search?q=${encodeURIComponent(query)}`}))
}

/** Every request has messages of its own, of which some belong to a session: what an agent sends as it works. */
export function writes(options: {texts: readonly string[]; batch: number}): Request[] {
  const {texts, batch} = options
  let sent = 0
  const body = () => {
    sent++
    return {
      session_id: `load-${Math.floor(sent / 50)}`,
      uuid: randomUUID(),
      content: texts[sent % texts.length],
      project: 'load',
    }
  }
  const path = batch === 1 ? '/api/messages' : '/api/messages/batch'
  return [
    {
      method: 'POST',
      path,
      setupRequest: (request) => ({
        ...request,
        body: JSON.stringify(batch === 1 ? body() : Array.from({length: batch}, body)),
      }),
    },
  ]
}
