import {AgentRecorder, type TranscriptLines} from './agent-recorder.ts'
import type {Client} from './client.ts'

export interface AgentSdkOptions {
  project: string
  /** Default: a new one, of the settings outside of the program. */
  client?: Client
  /** Put before the model, at the first prompt, what the memory knows; default true. */
  recall?: boolean
}

/** A callback as the Agent SDK takes it. */
export type HookCallback = (
  input: object,
  toolUseId?: string,
  context?: {signal: AbortSignal},
) => Promise<HookOutput>

export interface HookOutput {
  hookSpecificOutput?:
    | {hookEventName: 'UserPromptSubmit'; additionalContext: string}
    | {hookEventName: 'SessionStart'; additionalContext: string}
}

interface HookMatcher {
  hooks: HookCallback[]
  /** Seconds. */
  timeout: number
}

/** For `options.hooks` of the Agent SDK's `query()`. */
export interface AgentSdkHooks {
  UserPromptSubmit: HookMatcher[]
  PostToolUse: HookMatcher[]
  PostToolUseFailure: HookMatcher[]
  Stop: HookMatcher[]
  StopFailure: HookMatcher[]
  SubagentStop: HookMatcher[]
  SessionStart: HookMatcher[]
}

/** The SDK gives up on a callback after this; ours take no longer than the client's timeout. */
const CALLBACK_SECONDS_MAX = 10

const recorders = new WeakMap<AgentSdkHooks, AgentRecorder>()

/** What hooks need that differs between runtimes. */
export interface AgentSdkContext {
  client: Client
  lines?: TranscriptLines
  onExit?: (run: () => Promise<void>) => () => void
  /** BMFOTE_DISABLE=1: nothing is recorded and nothing recalled. */
  isDisabled?: boolean
}

export function createAgentSdkHooks(options: AgentSdkOptions, context: AgentSdkContext): AgentSdkHooks {
  const recorder = new AgentRecorder({...context, project: options.project, recalls: options.recall ?? true})
  const on = (take: (input: Record<string, unknown>) => Promise<HookOutput> | undefined): HookMatcher[] => {
    const callback: HookCallback = async (input) => {
      return (context.isDisabled ? undefined : await take(input as Record<string, unknown>)) ?? {}
    }
    return [{hooks: [callback], timeout: CALLBACK_SECONDS_MAX}]
  }
  const hooks: AgentSdkHooks = {
    UserPromptSubmit: on((input) => recorder.prompt(input)),
    PostToolUse: on((input) => void recorder.toolUse(input)),
    PostToolUseFailure: on((input) => void recorder.toolUse(input)),
    Stop: on((input) => void recorder.answer(input)),
    StopFailure: on((input) => void recorder.answer(input)),
    SubagentStop: on((input) => void recorder.subagentAnswer(input)),
    SessionStart: on((input) => recorder.sessionStart(input)),
  }
  recorders.set(hooks, recorder)
  return hooks
}

/**
 * The run itself, which when it is over waits until what the hooks have recorded is stored (at most the client's timeout):
 * the SDK calls no hook at the end of a run.
 *
 *     for await (const message of closeWhenDone(query({prompt, options: {hooks}}), hooks)) …
 */
export function closeWhenDone<Run extends AsyncIterable<unknown>>(run: Run, hooks: AgentSdkHooks): Run {
  return new Proxy(run, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name !== Symbol.asyncIterator) return value.bind(target)
      return () => iterateAndClose(target, hooks)
    },
  })
}

async function* iterateAndClose<Message>(
  run: AsyncIterable<Message>,
  hooks: AgentSdkHooks,
): AsyncGenerator<Message> {
  try {
    yield* run
  } finally {
    await recorders.get(hooks)?.close()
  }
}
