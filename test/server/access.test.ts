import type {FastifyInstance} from 'fastify'
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {TOOLS} from '../../src/lib/client/tools/index.ts'
import {type Principal, SHARED_PRINCIPAL} from '../../src/lib/model/principal.ts'
import {listTools} from '../helpers/call-tool.ts'
import {OWNER} from '../helpers/callers.ts'
import {type Place, SURFACE, type SurfaceCall} from '../helpers/surface.ts'
import {createTestServer, type TestServer} from '../helpers/test-server.ts'

const confined = (id: string, read: string[], write: string[]): Principal => ({
  id,
  read,
  write,
  restore: false,
})
const PRINCIPALS: Record<string, Principal> = {
  owner: SHARED_PRINCIPAL,
  'of-beta': confined('of-beta', ['beta'], ['beta']),
  'beta-reader': confined('beta-reader', ['beta'], []),
  nobody: confined('nobody', [], []),
}

const ALPHA: Place = {workspace: 'alpha', session: 's-1', uuid: 'm-1', project: 'acme', word: 'shared-word'}
const BETA: Place = {...ALPHA, workspace: 'beta'}
const UNNAMED: Place = {...ALPHA, workspace: undefined}
/** Every text and label of a workspace holds this, so that nothing of it can get out unseen. */
const mark = (workspace: string) => `${workspace}-only`

/** Two workspaces with the same session ids, uuids and project, and different words in them. */
async function createTwoWorkspaces(): Promise<TestServer> {
  const server = await createTestServer({authenticate: async (token) => PRINCIPALS[token ?? ''] ?? null})
  for (const workspaceId of ['alpha', 'beta']) {
    const results = await server.memory.recordMessages(
      OWNER,
      ['m-0', 'm-1', 'm-2'].map((uuid, index) => ({
        workspaceId,
        sessionId: 's-1',
        uuid,
        content: `Error shared-word ${mark(workspaceId)}`,
        author: mark(workspaceId),
        source: mark(workspaceId),
        machine: mark(workspaceId),
        model: mark(workspaceId),
        project: 'acme',
        timestamp: new Date(Date.now() - (10 - index) * 1_000).toISOString(),
      })),
    )
    expect(results.map(({status}) => status)).toEqual(['ok', 'ok', 'ok'])
  }
  return server
}

/** For calls that change nothing, or must not. */
let shared: TestServer
beforeAll(async () => {
  shared = await createTwoWorkspaces()
})
afterAll(() => shared.close())

/** For calls that change something. */
async function openTwoWorkspaces(): Promise<TestServer> {
  const server = await createTwoWorkspaces()
  onTestFinished(server.close)
  return server
}

/** Everything in a workspace, as its owner sees it. */
async function contents(app: FastifyInstance, workspace: string): Promise<string[]> {
  const calls = SURFACE.filter(({name}) =>
    ['GET /api/messages', 'GET /api/sessions', 'GET /api/stats'].includes(name),
  )
  const answers = await Promise.all(calls.map((call) => call.ask(app, {...ALPHA, workspace}, 'owner')))
  return answers.map(({body}) => body)
}

const names = (calls: readonly SurfaceCall[]) => calls.map(({name}) => name).sort()
const reads = SURFACE.filter(({access}) => access === 'read')
const changes = SURFACE.filter(({access}) => access === 'write' || access === 'delete')
const guarded = SURFACE.filter(({access}) => access !== 'open')

test('these tests cover every route and every tool that there is', async () => {
  const {app} = shared
  const routes = app.routeTable
    .filter(({method}) => method !== 'HEAD')
    .map(({method, url}) => `${method} ${url}`)

  expect(names(SURFACE.filter(({kind}) => kind === 'route'))).toEqual(routes.sort())
  expect(names(SURFACE.filter(({kind}) => kind === 'tool'))).toEqual(TOOLS.map(({name}) => name).sort())
  const open = app.routeTable.filter((route) => route.open && route.method !== 'HEAD')
  expect(names(SURFACE.filter(({access}) => access === 'open'))).toEqual(
    open.map(({method, url}) => `${method} ${url}`).sort(),
  )
})

describe('a workspace is a wall', () => {
  test.each(reads)('$name reads one workspace and nothing of the other', async (call) => {
    const {app} = shared

    const alpha = await call.ask(app, ALPHA, 'owner')
    const beta = await call.ask(app, BETA, 'owner')

    expect([alpha.status, beta.status]).toEqual([200, 200])
    expect(alpha.body).not.toContain(mark('beta'))
    expect(beta.body).not.toContain(mark('alpha'))
    if (!['GET /api/stats', 'GET /api/sessions'].includes(call.name)) {
      expect(alpha.body).toContain(mark('alpha'))
      expect(beta.body).toContain(mark('beta'))
    }
  })

  test.each(reads)('$name without a workspace reads neither', async (call) => {
    const {app} = shared

    const {body} = await call.ask(app, UNNAMED, 'owner')

    expect(body).not.toContain(mark('alpha'))
    expect(body).not.toContain(mark('beta'))
  })

  test.each(changes)('$name changes one workspace and nothing of the other', async (call) => {
    const {app} = await openTwoWorkspaces()
    const [alpha, beta] = [await contents(app, 'alpha'), await contents(app, 'beta')]

    const {status} = await call.ask(app, BETA, 'owner')

    expect(status).toBe(200)
    expect(await contents(app, 'alpha')).toEqual(alpha)
    if (call.name !== 'POST /api/sessions') expect(await contents(app, 'beta')).not.toEqual(beta)
  })

  test.each(changes)('$name without a workspace changes neither', async (call) => {
    const {app} = await openTwoWorkspaces()
    const before = [await contents(app, 'alpha'), await contents(app, 'beta')]

    await call.ask(app, UNNAMED, 'owner')

    expect([await contents(app, 'alpha'), await contents(app, 'beta')]).toEqual(before)
  })
})

describe('a principal of one workspace', () => {
  test.each([...reads, ...changes])('$name works in its own', async (call) => {
    const {app} = await openTwoWorkspaces()

    const {status} = await call.ask(app, BETA, 'of-beta')

    expect(status).toBe(200)
  })

  test.each([...reads, ...changes])(
    '$name is refused in another, and nothing happens there',
    async (call) => {
      const {app} = shared
      const before = await contents(app, 'alpha')

      const {status, body} = await call.ask(app, ALPHA, 'of-beta')

      expectRefusal(call, {status, body}, 'alpha')
      expect(body).not.toContain(mark('alpha'))
      expect(await contents(app, 'alpha')).toEqual(before)
    },
  )

  test.each([...reads, ...changes])('$name is refused in the default one too', async (call) => {
    const {app} = shared

    const answer = await call.ask(app, UNNAMED, 'of-beta')

    if (call.name === 'GET /api/stats')
      expect(JSON.parse(answer.body)).toMatchObject({messages: 3, sessions: 1})
    else expectRefusal(call, answer, 'bmfote-default')
  })

  test.each(changes)('$name is refused to one who may only read', async (call) => {
    const {app} = shared
    const before = await contents(app, 'beta')

    const asked = call.ask(app, BETA, 'beta-reader')

    // A tool that is of no use to somebody is not there for them.
    if (call.kind === 'tool') await expect(asked).rejects.toThrow('There is no tool')
    else expectRefusal(call, await asked, 'beta')
    expect(await contents(app, 'beta')).toEqual(before)
  })

  test('may not put rows back with a writer and a clock of its choice', async () => {
    const {app} = shared

    const answer = await app.inject({
      method: 'POST',
      url: '/api/messages/batch?restore=true',
      headers: {authorization: 'Bearer of-beta'},
      payload: [{session_id: 's', uuid: 'forged', workspace_id: 'beta', written_by: 'owner'}],
    })

    expect(answer.json().results).toMatchObject([{uuid: 'forged', status: 'error'}])
  })

  test('is offered the tools that it has a use for', async () => {
    const {app} = shared
    const all = TOOLS.map(({name}) => name)

    expect(await listTools(app, 'owner')).toEqual(all)
    expect(await listTools(app, 'of-beta')).toEqual(all)
    expect(await listTools(app, 'beta-reader')).toEqual(all.filter((name) => name !== 'remember'))
    expect(await listTools(app, 'nobody')).toEqual([])
  })
})

describe('who is nobody', () => {
  const strangers: [string, string | undefined][] = [
    ['without a token', undefined],
    ['with a wrong token', 'guess'],
  ]

  test.each(strangers)('%s gets 401 on everything but the open routes', async (_name, token) => {
    const {app} = shared

    for (const call of guarded.filter(({kind}) => kind === 'route')) {
      const {status, body} = await call.ask(app, BETA, token)
      expect([call.name, status]).toEqual([call.name, 401])
      expect(JSON.parse(body)).toMatchObject({error: 'unauthorized', code: 'unauthorized'})
    }
  })

  test.each(SURFACE.filter(({access}) => access === 'open'))('$name is open', async (call) => {
    const {app} = shared

    const {status, body} = await call.ask(app, BETA)

    expect(status).toBe(200)
    expect(body).not.toContain(mark('beta'))
  })
})

/** A batch refuses its items one by one; everything else refuses as a whole. */
function expectRefusal(
  call: SurfaceCall,
  {status, body}: {status: number; body: string},
  workspace: string,
): void {
  const isBatch = call.name === 'POST /api/messages/batch'
  expect(status).toBe(isBatch ? 200 : 403)
  if (isBatch) expect(JSON.parse(body).results).toMatchObject([{status: 'error'}])
  expect(body).toMatch(new RegExp(`You may not (read|write|delete) in workspace \\\\*"${workspace}`))
}
