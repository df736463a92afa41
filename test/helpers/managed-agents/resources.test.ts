import Anthropic from '@anthropic-ai/sdk'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {API_KEY_WITHOUT_BETA, type ManagedAgents, startManagedAgents} from './start-managed-agents.ts'

const MCP_URL = 'https://memory.example/mcp/'

let api: ManagedAgents
let client: Anthropic

beforeEach(async () => {
  api = await startManagedAgents({pageSize: 2})
  client = new Anthropic({apiKey: api.key, baseURL: api.url, maxRetries: 0})
})
afterEach(async () => {
  await api.close()
  expect(api.violations.filter((violation) => violation.in !== 'request')).toEqual([])
})

const wired = {
  name: 'A',
  model: 'claude-opus-5-5',
  mcp_servers: [{type: 'url' as const, name: 'bmfote', url: MCP_URL}],
  tools: [{type: 'mcp_toolset' as const, mcp_server_name: 'bmfote'}],
}

async function failure(promise: Promise<unknown>): Promise<InstanceType<typeof Anthropic.APIError>> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Anthropic.APIError) return error
  throw new Error(`no error of the API: ${error}`)
}

describe('access', () => {
  test('both dialects are taken', async () => {
    const old = {
      'x-api-key': api.key,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'managed-agents-2026-04-01',
    }

    expect((await fetch(`${api.url}/v1/agents?beta=true`, {headers: old})).status).toBe(200)
    await client.beta.agents.list()

    expect(api.requests.at(-1)?.headers).toMatchObject({
      authorization: `Bearer ${api.key}`,
      'anthropic-version': '2026-10-21',
    })
  })

  test.each([
    ['no key', {'x-api-key': ''}, 401, 'authentication_error'],
    ['a wrong key', {'x-api-key': 'sk-wrong'}, 401, 'authentication_error'],
    ['a key without access', {'x-api-key': API_KEY_WITHOUT_BETA}, 403, 'permission_error'],
    ['no beta header', {'anthropic-beta': 'files-api-2025-04-14'}, 400, 'invalid_request_error'],
    ['an unknown version', {'anthropic-version': '2020-01-01'}, 400, 'invalid_request_error'],
  ])('%s is refused, with the request id in header and body', async (_, headers, status, type) => {
    const right = {
      'x-api-key': api.key,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'managed-agents-2026-04-01',
    }
    const answer = await fetch(`${api.url}/v1/agents`, {headers: {...right, ...headers}})
    const body = (await answer.json()) as {error: {type: string}; request_id: string}

    expect(answer.status).toBe(status)
    expect(body).toMatchObject({type: 'error', error: {type}})
    expect(body.request_id).toBe(answer.headers.get('request-id'))
    expect(body.request_id).toMatch(/^req_01/)
  })

  test('an unknown id, an unknown path and a body that is no JSON are errors of the same form', async () => {
    expect(await failure(client.beta.agents.retrieve('agent_none'))).toMatchObject({
      status: 404,
      type: 'not_found_error',
    })
    expect(
      await failure(client.get('/v1/nothing', {headers: {'anthropic-beta': 'managed-agents-2026-04-01'}})),
    ).toMatchObject({status: 404})
    const headers = {
      'x-api-key': api.key,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'managed-agents-2026-04-01',
    }
    expect((await fetch(`${api.url}/v1/agents`, {method: 'POST', headers, body: '{'})).status).toBe(400)
  })

  test('a request that breaks its schema is refused with the path, and counted', async () => {
    const error = await failure(
      client.beta.agents.create({...wired, tools: [{type: 'mcp_toolset'} as never]}),
    )

    expect(error).toMatchObject({status: 400, apiMessage: 'tools.0.mcp_server_name: Field required'})
    expect(api.violations).toEqual([
      {in: 'request', shape: 'AgentCreate', problem: 'tools.0.mcp_server_name: Field required'},
    ])
  })
})

test('an answer that breaks its schema is counted too', async () => {
  const vault = await client.beta.vaults.create({display_name: 'v'})
  api.state.vaults.set(vault.id, {...vault, display_name: 7 as never})
  await client.beta.vaults.list()

  expect(api.violations.splice(0)).toEqual([
    {in: 'answer', shape: 'VaultList', problem: 'data.0.display_name: should be string'},
  ])
})

describe('agents', () => {
  test('come back with their defaults filled in', async () => {
    const agent = await client.beta.agents.create({
      ...wired,
      tools: [
        {type: 'mcp_toolset', mcp_server_name: 'bmfote', configs: [{name: 'remember', enabled: false}]},
        {
          type: 'agent_toolset_20260401',
          default_config: {enabled: false},
          configs: [{name: 'web_fetch', enabled: true}],
        },
      ],
    })

    expect(agent).toMatchObject({version: 1, archived_at: null, model: {id: 'claude-opus-5-5'}})
    expect(agent.tools[0]).toEqual({
      type: 'mcp_toolset',
      mcp_server_name: 'bmfote',
      default_config: {enabled: true, permission_policy: {type: 'always_ask'}},
      configs: [{name: 'remember', enabled: false, permission_policy: {type: 'always_ask'}}],
    })
    expect(agent.tools[1]).toMatchObject({
      default_config: {enabled: false},
      configs: [{name: 'web_fetch', enabled: true}],
    })
    expect(await client.beta.agents.retrieve(agent.id)).toEqual(agent)
  })

  test('an update replaces arrays, merges metadata by key, and counts the version', async () => {
    const agent = await client.beta.agents.create({...wired, metadata: {a: '1', b: '2'}})
    const other = {type: 'url' as const, name: 'other', url: 'https://other.example/mcp'}
    const updated = await client.beta.agents.update(agent.id, {
      version: 1,
      mcp_servers: [other],
      tools: [{type: 'mcp_toolset', mcp_server_name: 'other'}],
      metadata: {a: null, c: '3'},
    })

    expect(updated).toMatchObject({version: 2, name: 'A', mcp_servers: [other], metadata: {b: '2', c: '3'}})
    expect(updated.tools).toHaveLength(1)
    expect(await client.beta.agents.update(agent.id, {name: 'A'})).toMatchObject({version: 2})
    expect(await client.beta.agents.retrieve(agent.id, {version: 1})).toMatchObject({
      mcp_servers: agent.mcp_servers,
    })
    const versions = []
    for await (const {version} of client.beta.agents.versions.list(agent.id)) versions.push(version)
    expect(versions).toEqual([2, 1])
  })

  test('an update of an older version is a conflict', async () => {
    const {id} = await client.beta.agents.create(wired)
    await client.beta.agents.update(id, {version: 1, description: 'first'})

    expect(await failure(client.beta.agents.update(id, {version: 1, description: 'second'}))).toMatchObject({
      status: 409,
    })
    expect(await client.beta.agents.retrieve(id)).toMatchObject({description: 'first'})
  })

  test('every MCP server needs a toolset, and every toolset a server', async () => {
    expect(await failure(client.beta.agents.create({...wired, tools: []}))).toMatchObject({status: 400})
    expect(await failure(client.beta.agents.create({...wired, mcp_servers: []}))).toMatchObject({status: 400})
  })

  test('an archived one is shown only where it is asked for, and stays as it is', async () => {
    const {id} = await client.beta.agents.create(wired)
    await client.beta.agents.archive(id)

    expect((await client.beta.agents.list()).data).toEqual([])
    expect((await client.beta.agents.list({include_archived: true})).data).toMatchObject([{id}])
    expect(await failure(client.beta.agents.update(id, {name: 'B'}))).toMatchObject({status: 400})
  })

  test('a list comes in pages, newest first, also when it grows meanwhile', async () => {
    for (const name of ['1', '2', '3', '4', '5']) await client.beta.agents.create({...wired, name})
    const first = await client.beta.agents.list({limit: 100})
    await client.beta.agents.create({...wired, name: '6'})
    const names = first.data.map(({name}) => name)
    for (let page = first; page.hasNextPage(); ) {
      page = await page.getNextPage()
      names.push(...page.data.map(({name}) => name))
    }

    expect(names).toEqual(['5', '4', '3', '2', '1'])
    expect(await failure(client.beta.agents.list({page: 'page_x'}))).toMatchObject({status: 400})
  })
})

test('of an environment, what an update does not name stays', async () => {
  const limited = {type: 'limited' as const, allow_mcp_servers: true, allowed_hosts: ['memory.example']}
  const {id} = await client.beta.environments.create({
    name: 'e',
    config: {type: 'cloud', networking: limited},
  })
  const networking = {type: 'limited' as const, allow_package_managers: true}
  const updated = await client.beta.environments.update(id, {config: {type: 'cloud', networking}})

  expect(updated.config).toMatchObject({networking: {...limited, allow_package_managers: true}})
  const url = {type: 'limited' as const, allowed_hosts: ['https://memory.example/']}
  expect(
    await failure(client.beta.environments.update(id, {config: {type: 'cloud', networking: url}})),
  ).toMatchObject({status: 400})
  await client.beta.environments.archive(id)
  expect((await client.beta.environments.list()).data).toEqual([])
  expect(await failure(client.beta.environments.update(id, {name: 'f'}))).toMatchObject({
    errorCode: 'environment_archived',
  })
  expect(await client.beta.environments.delete(id)).toEqual({id, type: 'environment_deleted'})
})

describe('vaults', () => {
  const bearer = (url: string, token = 'secret-1') => ({
    auth: {type: 'static_bearer' as const, mcp_server_url: url, token},
  })

  test('no answer holds a secret', async () => {
    const vault = await client.beta.vaults.create({display_name: 'v'})
    const created = await client.beta.vaults.credentials.create(vault.id, bearer(MCP_URL))
    const rotated = await client.beta.vaults.credentials.update(created.id, {
      vault_id: vault.id,
      auth: {type: 'static_bearer', token: 'secret-2'},
      metadata: {fingerprint: 'x'},
    })
    const [listed] = (await client.beta.vaults.credentials.list(vault.id)).data

    expect(api.state.secrets.get(created.id)).toBe('secret-2')
    expect(JSON.stringify([created, rotated, listed])).not.toContain('secret-')
    expect(listed).toMatchObject({
      auth: {type: 'static_bearer', mcp_server_url: MCP_URL},
      metadata: {fingerprint: 'x'},
    })
  })

  test('one active credential for a URL, however it is written', async () => {
    const {id: vault_id} = await client.beta.vaults.create({display_name: 'v'})
    const {id} = await client.beta.vaults.credentials.create(vault_id, bearer(MCP_URL))

    const twin = bearer('HTTPS://Memory.Example:443/mcp')
    expect(await failure(client.beta.vaults.credentials.create(vault_id, twin))).toMatchObject({status: 409})
    await client.beta.vaults.credentials.create(vault_id, bearer('https://memory.example/other'))
    await client.beta.vaults.credentials.archive(id, {vault_id})
    await client.beta.vaults.credentials.create(vault_id, twin)

    expect((await client.beta.vaults.credentials.list(vault_id)).data).toHaveLength(2)
    expect(api.state.secrets.has(id)).toBe(false)
  })

  test('neither the URL nor the type of a credential changes', async () => {
    const {id: vault_id} = await client.beta.vaults.create({display_name: 'v'})
    const {id} = await client.beta.vaults.credentials.create(vault_id, bearer(MCP_URL))
    const {credentials} = client.beta.vaults

    const moved = {type: 'static_bearer' as const, mcp_server_url: 'https://elsewhere.example'} as never
    expect(await failure(credentials.update(id, {vault_id, auth: moved}))).toMatchObject({status: 400})
    const oauth = {type: 'mcp_oauth' as const, access_token: 'x'}
    expect(await failure(credentials.update(id, {vault_id, auth: oauth}))).toMatchObject({status: 400})
  })

  test('an archived vault takes its credentials along, a deleted one is gone', async () => {
    const {id} = await client.beta.vaults.create({display_name: 'v', metadata: {owner: 'me'}})
    const credential = await client.beta.vaults.credentials.create(id, bearer(MCP_URL))
    await client.beta.vaults.update(id, {display_name: 'w'})
    await client.beta.vaults.archive(id)

    expect(await client.beta.vaults.retrieve(id)).toMatchObject({display_name: 'w', metadata: {owner: 'me'}})
    expect(await client.beta.vaults.credentials.retrieve(credential.id, {vault_id: id})).not.toMatchObject({
      archived_at: null,
    })
    await client.beta.vaults.delete(id)
    expect(await failure(client.beta.vaults.retrieve(id))).toMatchObject({status: 404})
  })
})

describe('faults', () => {
  test('an error is answered as often as was said, with what the API says of it', async () => {
    api.faults.add({kind: 'answer', on: 'GET /v1/vaults', status: 429, retryAfter: 7, times: 2})

    const limited = await failure(client.beta.vaults.list())
    expect(limited).toMatchObject({status: 429, type: 'rate_limit_error'})
    expect(limited.headers?.get('retry-after')).toBe('7')
    expect(await failure(client.beta.vaults.list())).toMatchObject({status: 429})
    await client.beta.vaults.list()
    expect(api.faults.pending).toEqual([])
  })

  test('a fault waits for its path', async () => {
    api.faults.add({kind: 'answer', on: 'POST /v1/vaults/*/credentials', status: 529})
    const {id} = await client.beta.vaults.create({display_name: 'v'})

    expect(
      await failure(
        client.beta.vaults.credentials.create(id, {
          auth: {type: 'static_bearer', mcp_server_url: MCP_URL, token: 't'},
        }),
      ),
    ).toMatchObject({status: 529, type: 'overloaded_error'})
    expect(api.state.credentials.size).toBe(0)
  })

  test('what is not JSON, and what never comes', async () => {
    api.faults.add({kind: 'garbage', on: 'GET /v1/vaults'}, {kind: 'never', on: 'GET /v1/vaults'})

    expect(await failure(client.beta.vaults.list())).toMatchObject({status: 502})
    await expect(client.beta.vaults.list({}, {timeout: 200})).rejects.toThrow(
      Anthropic.APIConnectionTimeoutError,
    )
  })

  test('a slow answer comes; a lost one was carried out', async () => {
    api.faults.add(
      {kind: 'slow', on: 'POST /v1/vaults', ms: 30},
      {kind: 'answer_lost', on: 'POST /v1/vaults'},
    )

    await client.beta.vaults.create({display_name: 'v'})
    await expect(client.beta.vaults.create({display_name: 'w'})).rejects.toThrow(Anthropic.APIConnectionError)
    expect([...api.state.vaults.values()]).toMatchObject([{display_name: 'v'}, {display_name: 'w'}])
  })
})
