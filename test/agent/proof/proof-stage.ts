import {randomUUID} from 'node:crypto'
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {type ManagedAgents, startManagedAgents} from '../../helpers/managed-agents/start-managed-agents.ts'
import {DIST, readJson, runBinary} from '../../helpers/run-binary.ts'
import {type ServerProcess, startServerProcess} from '../../helpers/server-process.ts'
import {createTempHome} from '../../helpers/temp-home.ts'

/** The project that all runs belong to. */
export const PROOF_PROJECT = 'three-run-proof'

/** What was said elsewhere, before any agent was there. */
export const KNOWN_FACT =
  'Decision about the bmfote project: retrieval is SQLite FTS5 with BM25 ranking, without a vector database.'

export interface AgentRun {
  agentId: string
  sessionId: string
  answer: string
  /** Of the stored answer. */
  answerUuid: string
  author: string
  /** In order, as the platform recorded them. */
  toolCalls: {name: string; input: Record<string, unknown>}[]
}

export interface ProofStage {
  api: ManagedAgents
  /** What a program needs to reach both: addresses and keys. */
  env: Record<string, string>
  /** The server's REST, as its owner. */
  call(path: string, body?: object): Promise<unknown>
  create(name: string): Promise<string>
  run(agentId: string, prompt: string): Promise<AgentRun>
  /** How many sessions an agent has had. */
  sessionsOf(agentId: string): number
  /** The same server at the same address, with nothing in it. */
  emptyMemory(): Promise<void>
  close(): Promise<void>
}

interface MessageBody {
  content: string
  author: string
  session_id: string
  project: string
}

/** The real binary as the server and as `bmfote-agent`, and the stand-in for Anthropic's API between them. */
export async function openProofStage(options: {pageSize?: number} = {}): Promise<ProofStage> {
  const home = createTempHome()
  const token = randomUUID()
  const api = await startManagedAgents(options)
  let server = await startServer(home.bmfote, token)
  const env = {
    BMFOTE_URL: server.url,
    BMFOTE_TOKEN: token,
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: api.key,
  }
  const command = async (args: string[]) => {
    const result = await runBinary(args, {home, env, binary: join(DIST, 'bmfote-agent'), timeoutMs: 60_000})
    if (result.exitCode === 0) return result
    throw new Error(`bmfote-agent ${args.join(' ')} ended with ${result.exitCode}: ${result.stderr}`)
  }
  const call = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${server.url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'},
      body: body && JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  await call('/api/messages', {
    uuid: randomUUID(),
    session_id: randomUUID(),
    type: 'assistant',
    content: KNOWN_FACT,
    project: 'bmfote',
    source: 'claude-code',
  })
  return {
    api,
    env,
    call,
    create: async (name) => {
      const {stdout} = await command([
        'create',
        '--name',
        name,
        '--system',
        `You are ${name}. Answer from memory.`,
        '--force',
      ])
      return stdout.trim()
    },
    run: async (agentId, prompt) => {
      const result = readJson(
        await command(['run', agentId, prompt, '--project', PROOF_PROJECT, '--json']),
      ) as {
        session_id: string
        answer: string
        stored: {answer_uuid: string}
      }
      const answerUuid = result.stored.answer_uuid
      const stored = (await call(`/api/message/${answerUuid}`)) as MessageBody
      if (stored.content !== result.answer)
        throw new Error(`stored is not what was answered: ${stored.content}`)
      const events = api.state.sessions.get(result.session_id)?.log.events ?? []
      return {
        agentId,
        sessionId: result.session_id,
        answer: result.answer,
        answerUuid,
        author: stored.author,
        toolCalls: events.flatMap((event) => {
          return event.type === 'agent.mcp_tool_use' ? [{name: event.name, input: event.input}] : []
        }),
      }
    },
    sessionsOf: (agentId) =>
      [...api.state.sessions.values()].filter(({session}) => session.agent.id === agentId).length,
    emptyMemory: async () => {
      await server.stop()
      for (const ending of ['', '-wal', '-shm'])
        rmSync(join(home.bmfote, `memory.db${ending}`), {force: true})
      server = await startServer(home.bmfote, token, Number(new URL(server.url).port))
    },
    close: async () => {
      await api.close()
      await server.stop()
      home.remove()
    },
  }
}

function startServer(home: string, token: string, port?: number): Promise<ServerProcess> {
  return startServerProcess({home, env: {API_TOKEN: token}, port})
}
