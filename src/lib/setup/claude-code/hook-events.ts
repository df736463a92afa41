/** An event of Claude Code that is recorded, and how its hook is registered. */
export interface HookEvent {
  name: string
  /** Which occurrences; all of them when it is left out. */
  matcher?: string
  /** After which Claude Code ends the hook: our own limits are much lower, this one is for a disk that hangs. */
  timeoutSeconds: number
  /** Prints what is remembered, for the model to read, always or when that was asked for; the others print nothing. */
  recall?: {command: 'session-start' | 'prompt-recall'; isOptional?: true}
}

/**
 * In the order of a session. A resumed one still has what it was told at its start, and each repetition would stay in
 * its context. SessionEnd has 1.5 seconds unless it says otherwise.
 */
export const HOOK_EVENTS: readonly HookEvent[] = [
  {
    name: 'SessionStart',
    matcher: 'startup|clear|compact',
    timeoutSeconds: 10,
    recall: {command: 'session-start'},
  },
  {name: 'UserPromptSubmit', timeoutSeconds: 10, recall: {command: 'prompt-recall', isOptional: true}},
  {name: 'PostToolUse', timeoutSeconds: 10},
  {name: 'PostToolUseFailure', timeoutSeconds: 10},
  {name: 'Stop', timeoutSeconds: 10},
  {name: 'StopFailure', timeoutSeconds: 10},
  {name: 'SubagentStop', timeoutSeconds: 10},
  {name: 'PreCompact', timeoutSeconds: 10},
  {name: 'SessionEnd', timeoutSeconds: 10},
]

/** `PostToolUse` is `post-tool-use`. */
export function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
}

export function scriptName(event: Pick<HookEvent, 'name'>): string {
  return `bmfote-${kebabCase(event.name)}.sh`
}
