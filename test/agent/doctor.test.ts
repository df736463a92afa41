import {describe, expect, onTestFinished, test} from 'vitest'
import {openAgentStage, TOKEN} from '../helpers/agent-stage.ts'
import type {Agent} from '../helpers/managed-agents/api-shapes.ts'

const stage = openAgentStage({pageSize: 3})

interface Report {
  findings: {check: string; state: string; sentence: string; fix?: string}[]
  changes: {what: string; from: string | null; to: string | null}[]
}

const ALLOW = {type: 'always_allow' as const}
const ASK = {type: 'always_ask' as const}

/** Puts it there as if somebody had changed it in the console. */
function change(id: string, edit: (agent: Agent) => Partial<Agent>): void {
  const {agents} = stage.api.state
  const agent = agents.get(id)
  if (agent) agents.set(id, {...agent, ...edit(agent)})
}

function agentOf(id: string): Agent | undefined {
  return stage.api.state.agents.get(id)
}

async function examine(id: string, ...flags: string[]): Promise<{exitCode: number | null; report: Report}> {
  const {stdout, exitCode} = await stage.agent(['doctor', id, '--json', ...flags])
  return {exitCode, report: JSON.parse(stdout) as Report}
}

function problems({findings}: Report): string[] {
  return findings.filter(({state}) => state === 'problem').map(({check}) => check)
}

describe('doctor', () => {
  test('finds nothing wrong with what create has made, and names the loopback as such', async () => {
    const id = await stage.create('healthy')
    const start = stage.api.requests.length
    const {stdout, exitCode} = await stage.agent(['doctor', id])

    expect(exitCode).toBe(0)
    expect(stdout).toContain('ok     handshake    The memory answers from here with 5 tools.')
    expect(stdout).toMatch(/look {3}address {6}127\.0\.0\.1 is this machine's loopback/)
    expect(stage.requestsSince(start).filter((request) => request.startsWith('POST'))).toEqual([])
  })

  test('without --fix it changes nothing; with it, it wires an agent that was made elsewhere', async () => {
    const id = await stage.create('made elsewhere')
    change(id, () => ({mcp_servers: [], tools: [], metadata: {}}))
    const before = structuredClone(agentOf(id))

    const looked = await examine(id)
    expect(looked.exitCode).toBe(1)
    expect(problems(looked.report)).toEqual(['server'])
    expect(agentOf(id)).toEqual(before)

    const mended = await examine(id, '--fix')
    expect(mended.exitCode).toBe(0)
    expect(mended.report.changes.map(({what}) => what)).toEqual(['MCP server bmfote', 'toolset of bmfote'])
    expect((await examine(id)).exitCode).toBe(0)
  })

  test('keeps other servers and tools, and what is stricter for a single tool', async () => {
    const id = await stage.create('shared')
    const foreign = [
      {
        type: 'mcp_toolset' as const,
        mcp_server_name: 'github',
        configs: [],
        default_config: {enabled: true, permission_policy: ASK},
      },
      {
        type: 'agent_toolset_20260401' as const,
        configs: [],
        default_config: {enabled: false, permission_policy: ASK},
      },
    ]
    const github = {type: 'url' as const, name: 'github', url: 'https://mcp.example.com/github'}
    const ours = {
      type: 'mcp_toolset' as const,
      mcp_server_name: 'bmfote',
      configs: [
        {name: 'remember', enabled: true, permission_policy: ASK},
        {name: 'find_error', enabled: false, permission_policy: ALLOW},
      ],
      default_config: {enabled: true, permission_policy: ASK},
    }
    const moved = {type: 'url' as const, name: 'bmfote', url: 'https://old.example.com/mcp/'}
    change(id, () => ({
      mcp_servers: [github, moved],
      tools: [foreign[0], ours, foreign[1]] as Agent['tools'],
    }))

    const {exitCode, report} = await examine(id, '--fix')
    expect(exitCode).toBe(0)
    expect(report.changes).toMatchObject([
      {what: 'MCP server bmfote', from: moved.url, to: `${stage.serverUrl}/mcp/`},
      {what: 'permission of bmfote', from: 'always_ask', to: 'always_allow'},
    ])
    expect(agentOf(id)?.mcp_servers).toEqual([github, {...moved, url: `${stage.serverUrl}/mcp/`}])
    expect(agentOf(id)?.tools).toEqual([
      foreign[0],
      {...ours, default_config: {enabled: true, permission_policy: ALLOW}},
      foreign[1],
    ])
    const kept = report.findings.filter(({state}) => state === 'warning').map(({sentence}) => sentence)
    expect(kept.join('\n')).toContain('Disabled, and left so: find_error.')
    expect(kept.join('\n')).toContain('Stricter than needed, and left so: remember (always_ask).')
    expect(report.findings.map(({sentence}) => sentence).join('\n')).toContain(
      'left alone: MCP server github',
    )
  })

  test('a toolset that is switched off is switched on', async () => {
    const id = await stage.create('switched off')
    change(id, (agent) => ({
      tools: agent.tools.map((tool) => ({
        ...tool,
        default_config: {enabled: false, permission_policy: ALLOW},
      })) as Agent['tools'],
    }))

    expect(problems((await examine(id)).report)).toEqual(['tools'])
    expect((await examine(id, '--fix')).exitCode).toBe(0)
    expect((await examine(id)).exitCode).toBe(0)
  })

  test('what is disabled tool by tool stays so, and stays a problem', async () => {
    const id = await stage.create('muted')
    const names = ['search_memory', 'find_error', 'get_context', 'get_recent', 'remember']
    const configs = names.map((name) => ({name, enabled: false, permission_policy: ALLOW}))
    change(id, (agent) => ({tools: agent.tools.map((tool) => ({...tool, configs})) as Agent['tools']}))

    const {exitCode, report} = await examine(id, '--fix')
    expect(exitCode).toBe(1)
    expect(problems(report)).toEqual(['tools'])
  })

  test('a permission that the server judges by itself is left so', async () => {
    const id = await stage.create('judged')
    const policy = {enabled: true, permission_policy: {type: 'auto' as const}}
    change(id, (agent) => ({
      tools: agent.tools.map((tool) => ({...tool, default_config: policy})) as Agent['tools'],
    }))

    const {exitCode, report} = await examine(id, '--fix')
    expect(exitCode).toBe(0)
    expect(report.changes).toEqual([])
    expect(agentOf(id)?.tools[0]).toMatchObject({default_config: policy})
  })

  test('a token that was changed, one that is not known, and none at all', async () => {
    const id = await stage.create('token')
    const [credential] = stage.api.state.credentials.values()
    const saved = {...credential?.metadata}
    if (credential) credential.metadata = {}
    const unknown = await examine(id)
    expect(unknown.exitCode).toBe(1)
    expect(problems(unknown.report)).toEqual(['credential'])

    if (credential) credential.metadata = {...saved, bmfote_token: 'scrypt.AAAA.AAAA'}
    expect(problems((await examine(id)).report)).toEqual(['credential'])

    const {exitCode, report} = await examine(id, '--fix')
    expect(exitCode).toBe(0)
    expect(report.changes).toMatchObject([{from: 'another token', to: 'the token of today'}])
    expect([...stage.api.state.secrets.values()]).toContain(TOKEN)

    for (const each of stage.api.state.credentials.values()) each.archived_at = '2026-01-01T00:00:00Z'
    expect(problems((await examine(id)).report)).toEqual(['credential'])
    expect((await examine(id, '--fix')).exitCode).toBe(0)
  })

  test('an environment that lets nothing through is opened as far as needed, and no further', async () => {
    const id = await stage.create('fenced')
    const [environment] = stage.api.state.environments.values()
    const networking = {
      type: 'limited' as const,
      allow_mcp_servers: false,
      allow_package_managers: true,
      allowed_hosts: ['pypi.example.com'],
    }
    if (environment?.config.type === 'cloud') environment.config.networking = networking

    const looked = await examine(id)
    expect(problems(looked.report)).toEqual(['environment'])
    expect((await examine(id, '--fix')).exitCode).toBe(0)
    expect([...stage.api.state.environments.values()][0]?.config).toMatchObject({
      networking: {...networking, allow_mcp_servers: true, allowed_hosts: ['pypi.example.com', '127.0.0.1']},
    })
  })

  test('a missing vault and environment are made', async () => {
    const id = await stage.create('bare')
    const {vaults, environments} = stage.api.state
    for (const item of [...vaults.values(), ...environments.values()])
      item.archived_at = '2026-01-01T00:00:00Z'

    expect(problems((await examine(id)).report)).toEqual(['vault', 'environment'])
    expect((await examine(id, '--fix')).exitCode).toBe(0)
    expect((await examine(id)).exitCode).toBe(0)
  })

  test('two environments are named, not guessed between', async () => {
    const id = await stage.create('double')
    const [environment] = [...stage.api.state.environments.values()].filter(({archived_at}) => !archived_at)
    if (environment) stage.api.state.environments.set('env_copy', {...environment, id: 'env_copy'})
    onTestFinished(() => void stage.api.state.environments.delete('env_copy'))

    const {exitCode, report} = await examine(id)
    expect(exitCode).toBe(1)
    const [finding] = report.findings.filter(({state}) => state === 'problem')
    expect(finding?.sentence).toContain('env_copy')
    expect(finding?.sentence).toContain(`${environment?.id}`)
  })

  test('a conflict is read anew: what somebody else did in the meantime stays', async () => {
    const id = await stage.create('contested')
    change(id, () => ({mcp_servers: [], tools: []}))
    stage.api.faults.add({kind: 'answer', on: 'POST /v1/agents/*', status: 409, times: 3})

    expect((await examine(id, '--fix')).exitCode).toBe(0)
  })

  test('an archived agent is said to be so, and nothing is tried', async () => {
    const id = await stage.create('old')
    change(id, () => ({archived_at: '2026-01-01T00:00:00Z'}))

    expect(problems((await examine(id)).report)).toEqual(['agent'])
    const {exitCode, stderr} = await stage.agent(['doctor', id, '--fix'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain("archived, which can't be undone")
  })
})

describe('the memory itself', () => {
  test('that does not take the token', async () => {
    const id = await stage.create('handshake')
    const {exitCode, stdout} = await stage.agent(['doctor', id], {env: {BMFOTE_TOKEN: 'wrong'}})

    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/wrong {2}handshake .* does not take the token/)
  })

  test('that is not there, or is something else', async () => {
    const id = await stage.create('nowhere')
    const closed = await stage.agent(['doctor', id], {env: {BMFOTE_URL: 'http://127.0.0.1:9'}})
    expect(closed.stdout).toMatch(/wrong {2}handshake .* does not answer MCP/)

    const other = await stage.agent(['doctor', id], {env: {BMFOTE_URL: stage.api.url}})
    expect(other.exitCode).toBe(1)
    expect(other.stdout).toMatch(/wrong {2}handshake /)
  })
})
