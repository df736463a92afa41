import type {FastifyInstance, InjectOptions} from 'fastify'
import {callTool} from './call-tool.ts'

/** What a call is about: a place in some workspace. Without a workspace the call names none. */
export interface Place {
  workspace?: string
  session: string
  uuid: string
  project: string
  word: string
}

export interface SurfaceAnswer {
  /** 200, or what the refusal's status is; a tool's refusal counts as 403. */
  status: number
  body: string
}

export interface SurfaceCall {
  /** `GET /api/search`, or the name of a tool. */
  name: string
  kind: 'route' | 'tool'
  access: 'read' | 'write' | 'delete' | 'authenticated' | 'open'
  ask(app: FastifyInstance, place: Place, token?: string): Promise<SurfaceAnswer>
}

type Access = SurfaceCall['access']
type Build = (place: Place) => {
  path?: string
  query?: Record<string, string>
  body?: unknown
  headers?: object
}

/** Every way in: one call for each route and tool. A test holds this list against what the server really has. */
export const SURFACE: readonly SurfaceCall[] = [
  route('GET /', 'open', () => ({})),
  route('GET /health', 'open', () => ({})),
  route('GET /openapi.json', 'open', () => ({})),
  route('GET /api/search', 'read', ({word}) => ({query: {q: word}})),
  route('GET /api/similar-error', 'read', ({word}) => ({query: {error: `Error ${word}`}})),
  route('GET /api/recall', 'read', ({word}) => ({query: {q: word}})),
  route('GET /api/message/:uuid', 'read', ({uuid}) => ({
    path: `/api/message/${uuid}`,
    query: {context: '5'},
  })),
  route('GET /api/recent', 'read', ({session}) => ({query: {session_id: session}})),
  route('GET /api/project/:name', 'read', ({project}) => ({path: `/api/project/${project}`})),
  route('GET /api/stats', 'read', () => ({})),
  route('GET /api/sessions', 'read', () => ({})),
  wholeExport(),
  route('POST /api/sessions', 'write', ({session, workspace}) => ({
    body: {session_id: session, project: 'overwritten', workspace_id: workspace},
  })),
  route('POST /api/messages', 'write', ({session, uuid, workspace}) => ({
    body: {session_id: session, uuid, content: 'overwritten', workspace_id: workspace},
  })),
  route('POST /api/messages/batch', 'write', ({session, uuid, workspace}) => ({
    body: [{session_id: session, uuid, content: 'overwritten', workspace_id: workspace}],
  })),
  route('POST /api/remember', 'write', ({project, workspace}) => ({
    body: {content: 'overwritten', project, workspace_id: workspace},
  })),
  route('POST /api/sync', 'authenticated', () => ({})),
  route('GET /api/status', 'authenticated', () => ({})),
  route('GET /metrics', 'authenticated', () => ({})),
  route('DELETE /api/messages/:uuid', 'delete', ({uuid}) => ({path: `/api/messages/${uuid}`})),
  route('DELETE /api/sessions/:id', 'delete', ({session}) => ({path: `/api/sessions/${session}`})),
  route('DELETE /api/messages', 'delete', ({project}) => ({query: {project}})),
  route('GET /mcp', 'authenticated', () => ({})),
  route('DELETE /mcp', 'authenticated', () => ({})),
  route('POST /mcp', 'authenticated', () => ({
    body: {jsonrpc: '2.0', id: 1, method: 'tools/list'},
    headers: {accept: 'application/json, text/event-stream'},
  })),
  tool('search_memory', 'read', ({word}) => ({query: word})),
  tool('find_error', 'read', ({word}) => ({error_text: `Error ${word}`})),
  tool('get_context', 'read', ({uuid}) => ({uuid, context: 5})),
  tool('get_recent', 'read', () => ({hours: 168})),
  tool('remember', 'write', ({project}) => ({content: 'overwritten', project})),
]

function route(name: string, access: Access, build: Build): SurfaceCall {
  const [method, pattern = ''] = name.split(' ')
  return {
    name,
    kind: 'route',
    access,
    async ask(app, place, token) {
      const {path = pattern, query = {}, body, headers} = build(place)
      const isInBody = body !== undefined
      const workspace: Record<string, string> =
        place.workspace === undefined || isInBody ? {} : {workspace_id: place.workspace}
      const answer = await app.inject({
        method: method as InjectOptions['method'],
        url: path,
        query: {...query, ...workspace},
        headers: {...headers, ...(token ? {authorization: `Bearer ${token}`} : {})},
        ...(isInBody ? {payload: body as object} : {}),
      })
      return {status: answer.statusCode, body: answer.body}
    },
  }
}

/** Page after page, for the first holds sessions only. */
function wholeExport(): SurfaceCall {
  const {name, kind, access} = route('GET /api/messages', 'read', () => ({}))
  return {
    name,
    kind,
    access,
    async ask(app, place, token) {
      let body = ''
      for (let cursor: string | null = ''; cursor !== null; ) {
        const query: Record<string, string> = cursor ? {cursor} : {}
        const page = await route(name, access, () => ({query})).ask(app, place, token)
        body += page.body
        if (page.status !== 200) return {status: page.status, body}
        cursor = JSON.parse(page.body).next_cursor
      }
      return {status: 200, body}
    },
  }
}

function tool(name: string, access: Access, build: (place: Place) => object): SurfaceCall {
  return {
    name,
    kind: 'tool',
    access,
    async ask(app, place, token) {
      const args = {...build(place), workspace: place.workspace}
      const {text, structured, isError} = await callTool(app, {name, args, token})
      return {status: isError ? 403 : 200, body: `${text}\n${JSON.stringify(structured)}`}
    },
  }
}
