import {expect, onTestFinished, test} from 'vitest'
import {openAgentStage} from '../helpers/agent-stage.ts'
import {startManagedAgents} from '../helpers/managed-agents/start-managed-agents.ts'

const stage = openAgentStage({pageSize: 2})

interface List {
  agents: {id: string; name: string; version: number; wired: boolean; reasons: string[]}[]
  environment_id: string
  vault_ids: string[]
}

test('every agent of every page, wired or not, and why not', async () => {
  const ids: string[] = []
  for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(await stage.create(name))
  const [, unwired = '', asking = '', elsewhere = ''] = ids
  const {agents} = stage.api.state
  const edit = (id: string, edits: object) => agents.set(id, {...agents.get(id), ...edits} as never)
  edit(unwired, {mcp_servers: [], tools: [], name: 'hostile \u001b[2J\nname'})
  const [toolset] = agents.get(asking)?.tools ?? []
  edit(asking, {
    tools: [{...toolset, default_config: {enabled: true, permission_policy: {type: 'always_ask'}}}],
  })
  edit(elsewhere, {mcp_servers: [{type: 'url', name: 'bmfote', url: 'https://old.example.com/mcp'}]})

  const {stdout, exitCode} = await stage.agent(['list'])
  expect(exitCode).toBe(0)
  for (const id of ids) expect(stdout).toContain(id)
  expect(stdout).toContain('hostile name')
  expect(stdout).not.toContain('\u001b')
  expect(stdout).toContain('not wired: it has no MCP server "bmfote"')
  expect(stdout).toContain('not wired: each call of the memory waits for a permission')
  expect(stdout).toContain('not wired: its memory is at https://old.example.com/mcp, not at')

  const list = await stage.agentJson<List>(['list'])
  expect(list.agents.map(({id}) => id).sort()).toEqual([...ids].sort())
  expect(list.agents.filter(({wired}) => wired)).toHaveLength(2)
  expect(list).toMatchObject({
    environment_id: [...stage.api.state.environments.keys()][0],
    vault_ids: [...stage.api.state.vaults.keys()],
  })
})

test('none is said so, without a memory too', async () => {
  const api = await startManagedAgents()
  onTestFinished(api.close)
  const env = {ANTHROPIC_BASE_URL: api.url, BMFOTE_URL: '', BMFOTE_TOKEN: ''}

  const {stdout, stderr, exitCode} = await stage.agent(['list'], {env})
  expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 0})
  expect(stderr).toContain('There is no agent yet')
  expect(await stage.agentJson(['list'], {env})).toEqual({agents: [], environment_id: null, vault_ids: []})
})
