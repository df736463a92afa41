import {copyFileSync, mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, onTestFinished, test} from 'vitest'
import {NOTHING, openAgentStage, TOKEN} from '../helpers/agent-stage.ts'
import {startManagedAgents} from '../helpers/managed-agents/start-managed-agents.ts'
import {BINARY, startBinary} from '../helpers/run-binary.ts'
import {createTestServer} from '../helpers/test-server.ts'

const stage = openAgentStage({pageSize: 2})

interface Created {
  agent_id: string
  version: number
  action: string
  changes: {what: string; from: string | null; to: string | null}[]
  environment_id: string
  vault_ids: string[]
}

function wish(name: string, ...flags: string[]): string[] {
  return ['create', '--name', name, '--system', `You are ${name}.`, '--force', ...flags]
}

function agentNamed(name: string) {
  const all = [...stage.api.state.agents.values()].filter((agent) => agent.name === name)
  return all.filter(({archived_at}) => archived_at === null)
}

describe('create', () => {
  test('prints the id and nothing else, and wires the agent as the contract says', async () => {
    const {stdout, stderr, exitCode} = await stage.agent(wish('first'))

    expect(exitCode).toBe(0)
    const [agent] = agentNamed('first')
    expect(stdout).toBe(`${agent?.id}\n`)
    expect(stderr).toContain('with the memory wired to it')
    expect(agent).toMatchObject({
      system: 'You are first.',
      mcp_servers: [{name: 'bmfote', type: 'url', url: `${stage.serverUrl}/mcp/`}],
      tools: [
        {
          type: 'mcp_toolset',
          mcp_server_name: 'bmfote',
          default_config: {enabled: true, permission_policy: {type: 'always_allow'}},
        },
      ],
    })
    const {vaults, credentials, secrets, environments} = stage.api.state
    expect([...vaults.values()].map(({display_name}) => display_name)).toEqual(['bmfote-default'])
    const [credential] = credentials.values()
    expect(credential?.auth).toMatchObject({type: 'static_bearer', mcp_server_url: `${stage.serverUrl}/mcp/`})
    expect(JSON.stringify(credential)).not.toContain(TOKEN)
    expect([...secrets.values()]).toEqual([TOKEN])
    const [environment] = environments.values()
    expect(environment).toMatchObject({
      name: 'bmfote-default-env',
      config: {
        type: 'cloud',
        networking: {type: 'limited', allow_mcp_servers: true, allowed_hosts: ['127.0.0.1']},
      },
    })
  })

  test('again changes nothing, and says so', async () => {
    const id = await stage.create('again')
    const start = stage.api.requests.length

    const {stdout, stderr} = await stage.agent(wish('again'))
    expect(stdout).toBe(`${id}\n`)
    expect(stderr).toContain('nothing to change')
    expect(stage.requestsSince(start).filter((request) => request.startsWith('POST'))).toEqual([])
    expect(agentNamed('again')).toHaveLength(1)
  })

  test('--json names what a workflow needs: agent, version, environment, vault', async () => {
    const created = await stage.agentJson<Created>(wish('for n8n'))

    const [agent] = agentNamed('for n8n')
    expect(created).toMatchObject({
      agent_id: agent?.id,
      version: 1,
      action: 'created',
      environment_id: [...stage.api.state.environments.keys()][0],
      vault_ids: [...stage.api.state.vaults.keys()],
    })
  })

  test('shows what is different, and brings it up to date', async () => {
    const id = await stage.create('drifting')
    const flags = [
      'create',
      '--name',
      'drifting',
      '--system',
      'You are new.',
      '--force',
      '--model',
      'claude-opus-5-5',
    ]

    const {stdout, stderr} = await stage.agent([...flags, '--description', 'tries'])
    expect(stdout).toBe(`${id}\n`)
    expect(stderr).toContain('system: You are drifting. → You are new.')
    expect(stderr).toContain('model: claude-sonnet-5-5 → claude-opus-5-5')
    expect(agentNamed('drifting')).toMatchObject([
      {id, system: 'You are new.', description: 'tries', model: {id: 'claude-opus-5-5'}, version: 2},
    ])
    const again = await stage.agentJson<Created>([...flags, '--description', 'tries'])
    expect(again).toMatchObject({action: 'unchanged', version: 2})
  })

  test('--web opens the two tools of the web, and not the shell', async () => {
    await stage.create('scout', '--web')

    const toolset = agentNamed('scout')[0]?.tools.find(({type}) => type === 'agent_toolset_20260401')
    expect(toolset).toMatchObject({default_config: {enabled: false}})
    const configs = (toolset as {configs: {name: string; enabled: boolean}[]}).configs
    expect(configs.filter(({enabled}) => enabled).map(({name}) => name)).toEqual(['web_search', 'web_fetch'])

    const version = agentNamed('scout')[0]?.version
    await stage.create('scout')
    expect(agentNamed('scout')[0]).toMatchObject({version})
  })

  test('finds its agent on any page, and leaves others of that name alone', async () => {
    const own = await stage.create('common')
    const copy = structuredClone(agentNamed('common')[0])
    if (copy) stage.api.state.agents.set('agent_other', {...copy, id: 'agent_other', metadata: {}})
    onTestFinished(() => void stage.api.state.agents.delete('agent_other'))
    for (const name of ['page 1', 'page 2', 'page 3']) await stage.create(name)

    expect(await stage.create('common')).toBe(own)
  })

  test('does not guess between two of its own, but names them', async () => {
    const id = await stage.create('twin')
    const copy = structuredClone(agentNamed('twin')[0])
    if (copy) stage.api.state.agents.set('agent_copy', {...copy, id: 'agent_copy'})
    onTestFinished(() => void stage.api.state.agents.delete('agent_copy'))

    const {stderr, stdout, exitCode} = await stage.agent(wish('twin'))
    expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 1})
    expect(stderr).toContain(id)
    expect(stderr).toContain('agent_copy')
  })

  test('does not guess between two vaults either', async () => {
    const [vault] = stage.api.state.vaults.values()
    if (vault) stage.api.state.vaults.set('vlt_copy', {...vault, id: 'vlt_copy'})
    onTestFinished(() => void stage.api.state.vaults.delete('vlt_copy'))

    const {stderr, exitCode} = await stage.agent(wish('vaults'))
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`${vault?.id}`)
    expect(stderr).toContain('vlt_copy')
  })

  test('gives the vault the token of today', async () => {
    await stage.create('rotating')
    const {stderr} = await stage.agent(wish('rotating'), {env: {BMFOTE_TOKEN: 'tomorrow'}})
    expect(stderr).toContain('another token → the token of today')
    expect([...stage.api.state.secrets.values()]).toEqual(['tomorrow'])

    const start = stage.api.requests.length
    await stage.agent(wish('rotating'), {env: {BMFOTE_TOKEN: 'tomorrow'}})
    expect(stage.requestsSince(start).filter((request) => request.startsWith('POST'))).toEqual([])

    await stage.create('rotating')
    expect([...stage.api.state.secrets.values()]).toEqual([TOKEN])
  })

  test('takes --system from standard input, and refuses an empty one', async () => {
    const piped = await stage.agent(['create', '--name', 'piped', '--system', '-', '--force'], {
      stdin: 'Long\ntext\n',
    })
    expect(piped.exitCode).toBe(0)
    expect(agentNamed('piped')).toMatchObject([{system: 'Long\ntext'}])

    const empty = await stage.agent(['create', '--name', 'piped', '--system', '-', '--force'], {stdin: ' '})
    expect(empty).toMatchObject({exitCode: 2, stdout: ''})
    expect(empty.stderr).toContain('--system is empty')
  })
})

describe('an address that the cloud does not reach', () => {
  test.each([
    ['http://127.0.0.1:8026', 'loopback'],
    ['http://localhost:8026', 'loopback'],
    ['http://[::1]:8026', 'loopback'],
    ['https://192.168.1.20', 'private address'],
    ['https://10.1.2.3', 'private address'],
    ['https://nas.local', 'private address'],
    ['https://memory', 'private address'],
  ])('%s is a %s: nothing is made', async (url, word) => {
    const start = stage.api.requests.length
    const {stdout, stderr, exitCode} = await stage.agent(['create', '--name', 'x', '--system', 'x'], {
      env: {BMFOTE_URL: url},
    })

    expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 1})
    expect(stderr).toContain(word)
    expect(stderr).toContain('--force')
    expect(stage.requestsSince(start)).toEqual([])
  })

  test('no address, or no token, is told apart', async () => {
    const noUrl = await stage.agent(wish('x'), {env: {BMFOTE_URL: ''}})
    expect(noUrl).toMatchObject({exitCode: 1, stderr: expect.stringContaining('BMFOTE_URL names no server')})

    const noToken = await stage.agent(wish('x'), {env: {BMFOTE_TOKEN: ''}})
    expect(noToken).toMatchObject({exitCode: 1, stderr: expect.stringContaining('BMFOTE_TOKEN')})
  })
})

describe('a server that has moved', () => {
  async function movedServer(): Promise<string> {
    const server = await createTestServer({token: TOKEN})
    onTestFinished(server.close)
    return server.app.listen({host: '127.0.0.1', port: 0})
  }

  test('gets a credential of its own; the old one goes when the last agent has moved too', async () => {
    const api = await startManagedAgents()
    onTestFinished(api.close)
    const env = {ANTHROPIC_BASE_URL: api.url}
    const urls = () =>
      [...api.state.credentials.values()]
        .filter(({archived_at}) => archived_at === null)
        .map(({auth}) => ('mcp_server_url' in auth ? auth.mcp_server_url : ''))
    await stage.agent(wish('one'), {env})
    await stage.agent(wish('two'), {env})
    const url = await movedServer()

    const first = await stage.agent(wish('one'), {env: {...env, BMFOTE_URL: url}})
    expect(first.stderr).toContain(`${stage.serverUrl}/mcp/ → ${url}/mcp/`)
    expect(urls().sort()).toEqual([`${stage.serverUrl}/mcp/`, `${url}/mcp/`].sort())

    const second = await stage.agent(wish('two'), {env: {...env, BMFOTE_URL: url}})
    expect(second.stderr).toContain('archived, for no agent uses it any more')
    expect(urls()).toEqual([`${url}/mcp/`])
    expect(api.violations).toEqual([])
  })
})

describe('two at once', () => {
  test('on one machine make one: the second waits for the first', async () => {
    const results = await Promise.all([1, 2, 3].map(() => stage.agent(wish('crowd'))))

    expect(results.map(({exitCode}) => exitCode)).toEqual([0, 0, 0])
    expect(new Set(results.map(({stdout}) => stdout)).size).toBe(1)
    const all = [...stage.api.state.agents.values()].filter(({name}) => name === 'crowd')
    expect(all).toHaveLength(1)
  })

  test('on two machines: the later one archives its own agent, and says so', async () => {
    const {api} = stage
    const model = api.state.agents.get(await stage.create('warm-up'))
    api.faults.add({kind: 'slow', on: 'POST /v1/agents', ms: 1_000})
    const start = api.requests.length
    const late = stage.agent(wish('race'))
    while (!stage.requestsSince(start).includes('POST /v1/agents')) await wait(10)
    // The other machine's is made while this one's is on its way.
    const early = {
      ...structuredClone(model),
      id: 'agent_early',
      name: 'race',
      created_at: '2026-01-01T00:00:00Z',
    }
    api.state.agents.set('agent_early', early as NonNullable<typeof model>)

    const {stdout, stderr, exitCode} = await late
    expect({stdout, exitCode}).toEqual({stdout: 'agent_early\n', exitCode: 0})
    expect(stderr).toMatch(
      /Another machine made the agent "race".*agent_early.*that one stays, agent_\w+ is archived/,
    )
    expect(agentNamed('race')).toMatchObject([{id: 'agent_early', system: 'You are race.'}])
    const all = [...api.state.agents.values()].filter(({name}) => name === 'race')
    expect(all).toHaveLength(2)
  })
})

describe('an answer that is lost', () => {
  test.each(['POST /v1/agents', 'POST /v1/vaults', 'POST /v1/environments', 'POST /v1/vaults/*/credentials'])(
    'to %s makes nothing twice',
    async (on) => {
      const api = await startManagedAgents()
      onTestFinished(api.close)
      api.faults.add({kind: 'answer_lost', on})

      const {stdout, exitCode, stderr} = await stage.agent(wish('once'), {env: {ANTHROPIC_BASE_URL: api.url}})
      expect(exitCode, stderr).toBe(0)
      const {agents, vaults, environments, credentials} = api.state
      expect([...agents.keys()]).toEqual([stdout.trim()])
      expect([vaults.size, environments.size, credentials.size]).toEqual([1, 1, 1])
    },
  )

  test('to an update is looked at again: nothing is overwritten', async () => {
    const id = await stage.create('updated')
    stage.api.faults.add({kind: 'answer_lost', on: 'POST /v1/agents/*'})

    const {exitCode, stdout} = await stage.agent([
      'create',
      '--name',
      'updated',
      '--system',
      'New.',
      '--force',
    ])
    expect({exitCode, stdout}).toEqual({exitCode: 0, stdout: `${id}\n`})
    expect(agentNamed('updated')).toMatchObject([{system: 'New.', version: 2}])
  })

  test('a conflict is read anew', async () => {
    await stage.create('disputed')
    stage.api.faults.add({kind: 'answer', on: 'POST /v1/agents/*', status: 409, times: 2})

    const {exitCode} = await stage.agent(['create', '--name', 'disputed', '--system', 'Mine.', '--force'])
    expect(exitCode).toBe(0)
    expect(agentNamed('disputed')).toMatchObject([{system: 'Mine.'}])
  })
})

describe('a create that is killed', () => {
  test.each(['POST /v1/vaults', 'POST /v1/environments', 'POST /v1/agents'])(
    'at %s is taken up by the next one',
    async (on) => {
      const api = await startManagedAgents()
      onTestFinished(api.close)
      const env = {ANTHROPIC_BASE_URL: api.url}
      api.faults.add({kind: 'never', on})
      const killed = startBinary(['agent', ...wish('phoenix')], {home: stage.home, env})
      const ended = new Promise((resolve) => killed.on('close', resolve))
      while (!api.requests.some(({method, path}) => `${method} ${path}` === on)) await wait(10)
      killed.kill('SIGKILL')
      await ended

      const {exitCode, stdout, stderr} = await stage.agent(wish('phoenix'), {env})
      expect(exitCode, stderr).toBe(0)
      const {agents, vaults, environments, credentials} = api.state
      expect([...agents.keys()]).toEqual([stdout.trim()])
      expect([vaults.size, environments.size, credentials.size]).toEqual([1, 1, 1])
    },
  )
})

test('the binary alone in a folder has all that it needs', async () => {
  const folder = join(stage.home.path, 'alone')
  mkdirSync(folder)
  const binary = join(folder, 'bmfote-agent')
  copyFileSync(BINARY, binary)

  const made = await stage.agent(wish('hermit'), {binary, cwd: folder})
  expect(made.exitCode, made.stderr).toBe(0)
  const asked = await stage.agent(['run', made.stdout.trim(), 'Zebras?'], {binary, cwd: folder})
  expect(asked).toMatchObject({exitCode: 0, stdout: `${NOTHING}\n`})
  expect(readdirSync(folder)).toEqual(['bmfote-agent'])
})
