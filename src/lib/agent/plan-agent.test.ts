import {expect, test} from 'vitest'
import type {Agent} from './api-types.ts'
import {planAgent} from './plan-agent.ts'
import {findWiringFaults} from './wiring.ts'

const MCP_URL = 'https://memory.example.com/mcp/'
const ALLOW = {type: 'always_allow'} as const
const ASK = {type: 'always_ask'} as const

const WIRED = {
  id: 'agent_1',
  name: 'a',
  version: 3,
  system: 'You are a.',
  description: null,
  archived_at: null,
  metadata: {},
  model: {id: 'claude-sonnet-5-5'},
  mcp_servers: [{type: 'url', name: 'bmfote', url: MCP_URL}],
  tools: [
    {
      type: 'mcp_toolset',
      mcp_server_name: 'bmfote',
      configs: [],
      default_config: {enabled: true, permission_policy: ALLOW},
    },
  ],
} as unknown as Agent

function toolset(settings: object) {
  return [{...WIRED.tools[0], ...settings}] as Agent['tools']
}

test('what is right already needs nothing, however the address is written', () => {
  for (const url of [MCP_URL, 'https://MEMORY.example.com:443/mcp']) {
    expect(planAgent(WIRED, {mcpUrl: url})).toEqual({changes: [], update: {}})
    expect(findWiringFaults(WIRED, url)).toEqual([])
  }
})

test.each([
  'https://memory.example.com/mcp/v2',
  'http://memory.example.com/mcp/',
  'https://memory.example.com:8443/mcp/',
])('%s is another address', (mcpUrl) => {
  expect(planAgent(WIRED, {mcpUrl}).update).toEqual({
    mcp_servers: [{type: 'url', name: 'bmfote', url: mcpUrl}],
  })
  expect(findWiringFaults(WIRED, mcpUrl).map(({part}) => part)).toEqual(['server'])
})

test('what is not wished for is not sent, what is wished for and the same neither', () => {
  const {update, changes} = planAgent(WIRED, {
    mcpUrl: MCP_URL,
    system: 'You are a.',
    model: 'claude-opus-5-5',
  })

  expect(update).toEqual({model: 'claude-opus-5-5'})
  expect(changes).toEqual([{what: 'model', from: 'claude-sonnet-5-5', to: 'claude-opus-5-5'}])
})

test('the default of the API, which asks each time, becomes none; what is set for one tool stays', () => {
  const configs = [{name: 'remember', enabled: true, permission_policy: ASK}]
  const agent = {...WIRED, tools: toolset({configs, default_config: {enabled: true, permission_policy: ASK}})}

  expect(findWiringFaults(agent, MCP_URL).map(({part}) => part)).toEqual(['policy'])
  expect(planAgent(agent, {mcpUrl: MCP_URL}).update.tools).toEqual(
    toolset({configs, default_config: {enabled: true, permission_policy: ALLOW}}),
  )
})

test('a toolset of which some tools are enabled is somebody’s choice', () => {
  const configs = [{name: 'search_memory', enabled: true, permission_policy: ALLOW}]
  const agent = {
    ...WIRED,
    tools: toolset({configs, default_config: {enabled: false, permission_policy: ALLOW}}),
  }

  expect(planAgent(agent, {mcpUrl: MCP_URL}).changes).toEqual([])
  expect(findWiringFaults(agent, MCP_URL)).toEqual([])
})

test('--web enables two tools, and leaves the rest of a toolset as it is', () => {
  const builtIn = {
    type: 'agent_toolset_20260401',
    configs: [{name: 'web_search', type: 'web_search', enabled: false, permission_policy: ASK}],
    default_config: {enabled: false, permission_policy: ASK},
  }
  const agent = {...WIRED, tools: [...WIRED.tools, builtIn] as Agent['tools']}
  const {update, changes} = planAgent(agent, {mcpUrl: MCP_URL, web: true})

  expect(changes).toEqual([{what: 'web tools', from: null, to: 'web_search, web_fetch'}])
  expect(update.tools?.[1]).toEqual({
    ...builtIn,
    configs: [
      {...builtIn.configs[0], enabled: true},
      {name: 'web_fetch', enabled: true},
    ],
  })
})

test('an answer of a server that leaves fields out is read as the API would', () => {
  const bare = {
    ...WIRED,
    tools: [{type: 'mcp_toolset', mcp_server_name: 'bmfote'}] as unknown as Agent['tools'],
  }

  expect(findWiringFaults(bare, MCP_URL).map(({part}) => part)).toEqual(['policy'])
  expect(planAgent(bare, {mcpUrl: MCP_URL}).update.tools).toMatchObject([
    {default_config: {permission_policy: ALLOW}},
  ])
})
