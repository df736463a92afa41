import {type HookEvent, readHookEvent} from '../capture/hooks/hook-event.ts'
import {projectOfFolder} from '../capture/project.ts'
import {type Environment, resolvePaths} from '../config/environment.ts'
import type {RecallQuery} from '../memory/memory.ts'
import {RECALL_TAG} from '../model/recall-tag.ts'
import {openMemory, terminalCaller} from './open-memory.ts'

/** Claude Code shows the model 2 KB of anything longer. In UTF-16 code units. */
const BLOCK_CHARS_MAX = 10_000
const BLOCK_CHARS = 6_000

/** A session that is resumed or forked still has in its context what it was told at its start. */
const RECALLS_AT = new Set(['startup', 'clear', 'compact'])

/** What is put before the model when a session begins; empty when there is nothing worth saying. */
export async function recallAtStart(stdin: string, environment: Environment): Promise<string> {
  const read = readHookEvent(JSON.parse(stdin))
  const query = 'event' in read ? queryFor(read.event, environment) : undefined
  if (!query) return ''
  const {memory, config} = await openMemory({environment})
  const {text} = await memory.recall(terminalCaller('hook'), {...query, workspaceId: config.workspaceId})
  // What is not in its frame would be recorded as if somebody had said it, and recalled again.
  return text.startsWith(`<${RECALL_TAG}`) && text.length <= BLOCK_CHARS_MAX ? text : ''
}

function queryFor(event: HookEvent, environment: Environment): RecallQuery | undefined {
  const {name, source = 'startup', sessionId, cwd} = event
  if (name !== 'SessionStart' || !RECALLS_AT.has(source)) return undefined
  if (source === 'compact') return {sessionId, budget: BLOCK_CHARS}
  const {userHome: home} = resolvePaths(environment)
  const project = cwd === undefined ? undefined : projectOfFolder(cwd, {home})
  return project === undefined ? undefined : {project, budget: BLOCK_CHARS}
}
