/** Scenarios of the official suite that a bmfote server passes; docs/mcp.md lists them for readers. */
export const PASSING: readonly string[] = [
  'server-initialize',
  'server-session-lifecycle',
  'ping',
  'tools-list',
  'server-sse-polling',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
  'http-header-validation',
  'sep-2164-resource-not-found',
  'input-required-result-missing-input-response',
  'input-required-result-unsupported-methods',
  'input-required-result-ignore-extra-params',
  'input-required-result-validate-input',
  'tasks-status-notifications',
]

interface Reason {
  why: string
  /** Where part of a scenario applies: the checks that don't. */
  checks?: readonly string[]
}

const FIXTURE_TOOL: Reason = {why: 'calls a tool of the suite’s own example server'}
const NO_RESOURCES: Reason = {why: 'bmfote offers no resources'}
const NO_PROMPTS: Reason = {why: 'bmfote offers no prompts'}
const NO_COMPLETION: Reason = {why: 'there are no prompts or resources to complete arguments of'}
const NO_LOGGING: Reason = {why: 'bmfote sends no log messages to clients'}
const NO_CLIENT_INPUT: Reason = {why: 'bmfote asks nothing of clients: no sampling, elicitation or roots'}
const NO_TASKS: Reason = {why: 'calls are answered at once: there are no tasks'}

export const NOT_APPLICABLE: Readonly<Record<string, Reason>> = {
  'server-stateless': {
    why: 'four of its checks call tools of the suite’s own example server',
    checks: [
      'sep-2575-server-rejects-undeclared-capability',
      'sep-2575-missing-capability-http-400',
      'sep-2575-http-server-no-independent-requests-on-stream',
      'sep-2575-server-no-log-without-loglevel',
    ],
  },
  caching: {
    why: 'three of its checks list prompts and resources, which bmfote does not offer',
    checks: [
      'sep-2549-prompts-list-caching-hints',
      'sep-2549-resources-list-caching-hints',
      'sep-2549-resources-templates-list-caching-hints',
    ],
  },
  'logging-set-level': NO_LOGGING,
  'completion-complete': NO_COMPLETION,
  'tools-call-simple-text': FIXTURE_TOOL,
  'tools-call-image': FIXTURE_TOOL,
  'tools-call-audio': FIXTURE_TOOL,
  'tools-call-embedded-resource': FIXTURE_TOOL,
  'tools-call-mixed-content': FIXTURE_TOOL,
  'tools-call-with-logging': FIXTURE_TOOL,
  'tools-call-error': FIXTURE_TOOL,
  'tools-call-with-progress': FIXTURE_TOOL,
  'tools-call-sampling': FIXTURE_TOOL,
  'tools-call-elicitation': FIXTURE_TOOL,
  'json-schema-2020-12': FIXTURE_TOOL,
  'http-custom-header-server-validation': {why: 'no tool takes arguments from HTTP headers'},
  'elicitation-sep1034-defaults': NO_CLIENT_INPUT,
  'elicitation-sep1330-enums': NO_CLIENT_INPUT,
  'resources-list': NO_RESOURCES,
  'resources-read-text': NO_RESOURCES,
  'resources-read-binary': NO_RESOURCES,
  'resources-templates-read': NO_RESOURCES,
  'resources-subscribe': NO_RESOURCES,
  'resources-unsubscribe': NO_RESOURCES,
  'prompts-list': NO_PROMPTS,
  'prompts-get-simple': NO_PROMPTS,
  'prompts-get-with-args': NO_PROMPTS,
  'prompts-get-embedded-resource': NO_PROMPTS,
  'prompts-get-with-image': NO_PROMPTS,
  'input-required-result-basic-elicitation': NO_CLIENT_INPUT,
  'input-required-result-basic-sampling': NO_CLIENT_INPUT,
  'input-required-result-basic-list-roots': NO_CLIENT_INPUT,
  'input-required-result-request-state': NO_CLIENT_INPUT,
  'input-required-result-multiple-input-requests': NO_CLIENT_INPUT,
  'input-required-result-multi-round': NO_CLIENT_INPUT,
  'input-required-result-non-tool-request': NO_CLIENT_INPUT,
  'input-required-result-result-type': NO_CLIENT_INPUT,
  'input-required-result-tampered-state': NO_CLIENT_INPUT,
  'input-required-result-capability-check': NO_CLIENT_INPUT,
  'tasks-lifecycle': NO_TASKS,
  'tasks-capability-negotiation': NO_TASKS,
  'tasks-wire-fields': NO_TASKS,
  'tasks-request-state-removal': NO_TASKS,
  'tasks-mrtr-input': NO_TASKS,
  'tasks-request-headers': NO_TASKS,
  'tasks-dispatch-and-envelope': NO_TASKS,
  'tasks-required-task-error': NO_TASKS,
  'tasks-mrtr-composition': NO_TASKS,
}
