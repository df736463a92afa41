import {type HookEvent, readHookEvent} from '../capture/hooks/hook-event.ts'
import {projectOfFolder} from '../capture/project.ts'
import {type Environment, resolvePaths} from '../config/environment.ts'
import type {RecallQuery} from '../memory/memory.ts'
import {RECALL_TAG} from '../model/recall-tag.ts'
import {openMemory, terminalCaller} from './open-memory.ts'

/** Claude Code shows the model 2 KB of anything longer. In UTF-16 code units. */
const BLOCK_CHARS_MAX = 10_000

const START_CHARS = 6_000

/** A prompt comes often, and what is put before it stays in the context. */
const PROMPT_CHARS = 2_000

/** A session that is resumed or forked still has in its context what it was told at its start. */
const RECALLS_AT = new Set(['startup', 'clear', 'compact'])

/** What is put before the model when this event happens; empty when there is nothing worth saying. */
export async function recallForEvent(stdin: string, environment: Environment): Promise<string> {
  const read = readHookEvent(JSON.parse(stdin))
  const query = 'event' in read ? queryFor(read.event, environment) : undefined
  if (!query) return ''
  const {memory, config} = await openMemory({environment})
  const {text} = await memory.recall(terminalCaller('hook'), {...query, workspaceId: config.workspaceId})
  // What is not in its frame would be recorded as if somebody had said it, and recalled again.
  return text.startsWith(`<${RECALL_TAG}`) && text.length <= BLOCK_CHARS_MAX ? text : ''
}

function queryFor(event: HookEvent, environment: Environment): RecallQuery | undefined {
  if (event.name === 'SessionStart') return queryForStart(event, environment)
  return event.name === 'UserPromptSubmit' ? queryForPrompt(event, environment) : undefined
}

function queryForStart(event: HookEvent, environment: Environment): RecallQuery | undefined {
  const {source = 'startup', sessionId} = event
  if (!RECALLS_AT.has(source)) return undefined
  const project = projectOf(event, environment)
  // The summary that compaction leaves in the context is short: what was really said in this session comes with it.
  if (source === 'compact') return {sessionId, project, budget: START_CHARS}
  return project === undefined ? undefined : {project, budget: START_CHARS}
}

/** Commands and what the harness writes in a person's place are no questions. */
function queryForPrompt(event: HookEvent, environment: Environment): RecallQuery | undefined {
  const {prompt = ''} = event
  const isQuestion = prompt.trim() !== '' && !/^\s*[/<!#]/.test(prompt)
  if (!isQuestion) return undefined
  return {query: prompt, project: projectOf(event, environment), budget: PROMPT_CHARS}
}

function projectOf({cwd}: HookEvent, environment: Environment): string | undefined {
  return cwd === undefined ? undefined : projectOfFolder(cwd, {home: resolvePaths(environment).userHome})
}
