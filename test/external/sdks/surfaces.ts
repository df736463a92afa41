import {execFile} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {Client as McpClient} from '@modelcontextprotocol/client'
import {StdioClientTransport} from '@modelcontextprotocol/client/stdio'
import {inject} from 'vitest'
import {pythonEnvironment} from '../../../scripts/python-env.mjs'
import type {ManagedAgents} from '../../helpers/managed-agents/start-managed-agents.ts'
import {DIST, readJson, runBinary} from '../../helpers/run-binary.ts'
import {tempHome} from '../../helpers/temp-home.ts'
import {ROOT} from '../../repo/source-files.ts'
import {Machine, type MemoryPlace} from '../claude/machine.ts'
import {lastWords, type StandInApi} from '../claude/stand-in-api.ts'
import {installModules, runProgram} from './agent-program.ts'

/** One kind of agent or tool that shares the memory, used as one uses it there. */
export interface Surface {
  name: string
  /** What its messages are stored with. */
  source: string
  author: string
  tell(fact: string): Promise<void>
  /** What whoever asks there gets to read. */
  look(query: string): Promise<string>
}

export interface Surroundings {
  place: MemoryPlace
  /** Stands in for the Messages API. */
  api: StandInApi
  /** Stands in for the Managed Agents API. */
  managed: ManagedAgents
}

/** All of them, each on a computer of its own. */
export async function openSurfaces(around: Surroundings): Promise<Surface[]> {
  return [
    await claudeCode(around),
    await cursor(around),
    typescript(around, 'messages-api', MESSAGES_TS),
    typescript(around, 'agent-sdk', AGENT_TS),
    python(around, 'messages-api', MESSAGES_PY),
    python(around, 'agent-sdk', AGENT_PY),
    await managedAgent(around),
    terminal(around),
  ]
}

/** How the stand-in is asked to search, by the name that the memory's tools have there. */
export const SEARCH_REQUEST = /\[call (\S+) (.*)\]/

const PROGRAM_MS_MAX = 110_000

/** Has somebody's model search, and gives what it was answered. */
async function searchThrough(
  api: StandInApi,
  {tool, query, ask}: {tool: string; query: string; ask(prompt: string): Promise<unknown>},
): Promise<string> {
  const before = api.requests.length
  await ask(`[call ${tool} ${query}]`)
  const answered = api.requests.slice(before).find((request) => lastWords(request).includes('tool_result'))
  if (!answered) throw new Error(`${tool} was not called`)
  return lastWords(answered)
}

async function claudeCode({place, api}: Surroundings): Promise<Surface> {
  const machine = await Machine.setUp(api, place, {author: 'Ada'})
  return {
    name: 'Claude Code',
    source: 'claude-code',
    author: 'Ada',
    tell: async (fact) => {
      await machine.ask(fact)
      await machine.delivered()
    },
    look: (query) => {
      const tool = 'mcp__bmfote-memory__search_memory'
      return searchThrough(api, {tool, query, ask: (prompt) => machine.ask(prompt)})
    },
  }
}

async function cursor({place}: Surroundings): Promise<Surface> {
  const home = tempHome()
  mkdirSync(join(home.path, '.cursor'))
  const connection = ['--url', place.url, '--token', place.token]
  await runBinary(['setup', 'cursor', ...connection, '--author', 'Bo', '--yes'], {home})
  const {mcpServers} = JSON.parse(readFileSync(join(home.path, '.cursor', 'mcp.json'), 'utf8'))
  const {command, args, env} = mcpServers['bmfote-memory']
  const {PATH = '', TMPDIR = ''} = home.env
  const call = async (name: string, input: Record<string, unknown>) => {
    const client = new McpClient({name: 'cursor-vscode', version: '1.0.0'})
    await client.connect(
      new StdioClientTransport({command, args, env: {PATH, TMPDIR, HOME: home.path, ...env}}),
    )
    const result = await client.callTool({name, arguments: input})
    await client.close()
    return JSON.stringify(result.content)
  }
  return {
    name: 'Cursor',
    source: 'cursor',
    author: 'Bo',
    tell: async (fact) => {
      await call('remember', {content: fact, project: 'harbour'})
    },
    look: (query) => call('search_memory', {query, limit: 50}),
  }
}

const MESSAGES_TS = `
import Anthropic from '@anthropic-ai/sdk'
import {betaTools, Client, recordExchange} from 'bmfote-client'
const [does, words] = process.argv.slice(2)
const bmfote = new Client({author: process.env.AGENT})
const anthropic = new Anthropic()
const message = {model: 'claude-sonnet-5-5', max_tokens: 100, messages: [{role: 'user', content: words}]}
if (does === 'tell') {
  const session = bmfote.session('harbour')
  await recordExchange(session, words, await anthropic.messages.create(message))
  await session.close()
} else {
  await anthropic.beta.messages.toolRunner({...message, tools: betaTools(bmfote)})
}
await bmfote.close()
`

const AGENT_TS = `
import {query} from '@anthropic-ai/claude-agent-sdk'
import {agentSdkHooks, Client, closeWhenDone} from 'bmfote-client'
const client = new Client({author: process.env.AGENT, source: 'agent-sdk'})
const hooks = agentSdkHooks({project: 'harbour', client})
const {BMFOTE_URL, BMFOTE_TOKEN} = process.env
const options = {
  hooks,
  mcpServers: {bmfote: {type: 'http', url: BMFOTE_URL + '/mcp/', headers: {Authorization: 'Bearer ' + BMFOTE_TOKEN}}},
  permissionMode: 'bypassPermissions',
  allowDangerouslySkipPermissions: true,
  pathToClaudeCodeExecutable: process.env.CLAUDE_CODE_PATH,
  mcpServersDelivery: 'initialize',
}
for await (const _ of closeWhenDone(query({prompt: process.argv[3], options}), hooks)) {}
await client.close()
`

const MESSAGES_PY = `
import os, sys
import anthropic
from bmfote_client import Client, record_exchange, runnable_tools
does, words = sys.argv[1:]
message = {"model": "claude-sonnet-5-5", "max_tokens": 100, "messages": [{"role": "user", "content": words}]}
ac = anthropic.Anthropic()
with Client(author=os.environ["AGENT"]) as bmfote:
    if does == "tell":
        session = bmfote.session(project="harbour")
        record_exchange(session, words, ac.messages.create(**message))
        session.close()
    else:
        ac.beta.messages.tool_runner(**message, tools=runnable_tools(bmfote)).until_done()
`

const AGENT_PY = `
import asyncio, os, sys
from claude_agent_sdk import ClaudeAgentOptions, query
from bmfote_client import Client, agent_sdk_hooks, close_when_done
async def main():
    hooks = agent_sdk_hooks("harbour", Client(author=os.environ["AGENT"], source="agent-sdk"))
    server = {"type": "http", "url": os.environ["BMFOTE_URL"] + "/mcp/",
              "headers": {"Authorization": "Bearer " + os.environ["BMFOTE_TOKEN"]}}
    options = ClaudeAgentOptions(hooks=hooks, mcp_servers={"bmfote": server}, permission_mode="bypassPermissions",
                                 cli_path=os.environ["CLAUDE_CODE_PATH"])
    async for _ in close_when_done(query(prompt=sys.argv[2], options=options), hooks):
        pass
asyncio.run(main())
`

interface Program {
  run(does: 'tell' | 'look', words: string): Promise<unknown>
}

function agentSurface(around: Surroundings, source: string, language: string, {run}: Program): Surface {
  const tool = source === 'agent-sdk' ? 'mcp__bmfote__search_memory' : 'search_memory'
  return {
    name: `${source} in ${language}`,
    source,
    author: `${source}-${language}`,
    tell: async (fact) => {
      await run('tell', fact)
    },
    look: (query) => searchThrough(around.api, {tool, query, ask: (prompt) => run('look', prompt)}),
  }
}

function typescript(around: Surroundings, source: string, code: string): Surface {
  const home = tempHome()
  installModules(home.path)
  const file = join(home.path, 'agent.mjs')
  writeFileSync(file, code)
  const env = environment(around, home.env, `${source}-typescript`)
  return agentSurface(around, source, 'typescript', {
    run: (does, words) => runProgram(file, [does, words], {cwd: home.path, env}),
  })
}

function python(around: Surroundings, source: string, code: string): Surface {
  const environmentOf = pythonEnvironment(join(ROOT, 'client', 'tests', 'external', 'requirements.txt'))
  if ('reason' in environmentOf) throw new Error(environmentOf.reason)
  const {python: interpreter} = environmentOf
  const home = tempHome()
  const file = join(home.path, 'agent.py')
  writeFileSync(file, code)
  const env = {
    ...environment(around, home.env, `${source}-python`),
    PYTHONPATH: join(ROOT, 'client', 'src'),
    PYTHONDONTWRITEBYTECODE: '1',
  }
  return agentSurface(around, source, 'python', {
    run: (does, words) =>
      promisify(execFile)(interpreter, [file, does, words], {cwd: home.path, env, timeout: PROGRAM_MS_MAX}),
  })
}

function environment({place, api}: Surroundings, home: Record<string, string>, agent: string) {
  return {
    ...home,
    AGENT: agent,
    BMFOTE_URL: place.url,
    BMFOTE_TOKEN: place.token,
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: 'sk-ant-test-000',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_PATH: inject('claude'),
    IS_SANDBOX: '1',
  }
}

async function managedAgent({place, managed}: Surroundings): Promise<Surface> {
  const home = tempHome()
  const env = {
    BMFOTE_URL: place.url,
    BMFOTE_TOKEN: place.token,
    ANTHROPIC_BASE_URL: managed.url,
    ANTHROPIC_API_KEY: managed.key,
  }
  const command = (...args: string[]) =>
    runBinary(args, {home, env, binary: join(DIST, 'bmfote-agent'), timeoutMs: 60_000})
  const created = await command('create', '--name', 'Hilda', '--system', 'You know the harbour.', '--force')
  const agentId = created.stdout.trim()
  const run = async (prompt: string) => {
    const {session_id} = readJson(await command('run', agentId, prompt, '--json')) as {session_id: string}
    return managed.state.sessions.get(session_id)?.log.events ?? []
  }
  return {
    name: 'Managed Agent',
    source: 'managed-agent',
    author: 'Hilda',
    tell: async (fact) => {
      await run(`Remember that ${fact}`)
    },
    look: async (query) => {
      const events = await run(query)
      return JSON.stringify(events.filter(({type}) => type === 'agent.mcp_tool_result'))
    },
  }
}

function terminal({place}: Surroundings): Surface {
  const home = tempHome()
  const env = {BMFOTE_URL: place.url, BMFOTE_TOKEN: place.token, BMFOTE_AUTHOR: 'Tess'}
  return {
    name: 'the terminal',
    source: 'cli',
    author: 'Tess',
    tell: async (fact) => {
      await runBinary(['remember', fact, '--project', 'harbour'], {home, env})
    },
    look: async (query) => (await runBinary(['search', query, '--limit', '50'], {home, env})).stdout,
  }
}
