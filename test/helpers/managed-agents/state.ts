import type {Agent, Credential, Environment, Vault} from './api-shapes.ts'
import type {LiveSession} from './live-session.ts'

/** All that the stand-in knows, for tests to look at and to change. */
export interface StandInState {
  /** The newest version of each. */
  agents: Map<string, Agent>
  agentVersions: Map<string, Agent[]>
  environments: Map<string, Environment>
  vaults: Map<string, Vault>
  credentials: Map<string, Credential>
  /** The token of a credential, by its id. No answer ever holds one. */
  secrets: Map<string, string>
  sessions: Map<string, LiveSession>
  /** What was deleted, so that no id comes back. */
  deleted: Set<string>
}

export function emptyState(): StandInState {
  return {
    agents: new Map(),
    agentVersions: new Map(),
    environments: new Map(),
    vaults: new Map(),
    credentials: new Map(),
    secrets: new Map(),
    sessions: new Map(),
    deleted: new Set(),
  }
}
