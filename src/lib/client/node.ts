/** `bmfote-client` in Node, bun and Deno: the same, with settings of the environment, a spool, and a flush at exit. */
import {type AgentSdkHooks, type AgentSdkOptions, createAgentSdkHooks} from './agent-sdk.ts'
import {Client as BaseClient} from './client.ts'
import {nodePlatform, onExit} from './node/platform.ts'
import {readSettings} from './node/settings.ts'
import {FileTranscriptLines} from './node/transcript-lines.ts'
import type {ClientOptions, Settings} from './options.ts'

export * from './index.ts'

/**
 * The memory, for an agent that must not depend on it: what can't be read is empty, what can't be written is kept and
 * sent later, and all of a failing server costs no more time than the timeout. `strict` throws instead.
 */
export class Client extends BaseClient {
  constructor(options: ClientOptions = {}) {
    super(options, nodePlatform(readEnvironment))
  }
}

/**
 * Hooks for `options.hooks` of the Agent SDK's `query()`: prompts, tool calls, results and answers are recorded, and what
 * the memory knows is put before the model at the first prompt. What the person's own hooks record too is stored once.
 */
export function agentSdkHooks(options: AgentSdkOptions): AgentSdkHooks {
  return createAgentSdkHooks(options, {
    client: options.client ?? new Client(),
    lines: new FileTranscriptLines(),
    onExit,
    isDisabled: isDisabled(),
  })
}

/** Deno throws where a program may not read the environment: then there are no settings. */
function readEnvironment(): Settings {
  try {
    return readSettings(process.env)
  } catch {
    return {}
  }
}

function isDisabled(): boolean {
  try {
    return process.env.BMFOTE_DISABLE === '1'
  } catch {
    return false
  }
}
