/** What was looked at, how it is, and what to do about it. */
export interface AgentFinding {
  check:
    | 'agent'
    | 'server'
    | 'toolset'
    | 'policy'
    | 'tools'
    | 'vault'
    | 'credential'
    | 'environment'
    | 'address'
    | 'handshake'
  state: 'ok' | 'warning' | 'problem'
  sentence: string
  fix?: string
}
