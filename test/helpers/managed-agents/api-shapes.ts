import type * as Agents from '@anthropic-ai/sdk/resources/beta/agents'
import type * as Environments from '@anthropic-ai/sdk/resources/beta/environments'
import type * as Sessions from '@anthropic-ai/sdk/resources/beta/sessions'
import type * as Events from '@anthropic-ai/sdk/resources/beta/sessions/events'
import type * as Vaults from '@anthropic-ai/sdk/resources/beta/vaults'
import type * as Credentials from '@anthropic-ai/sdk/resources/beta/vaults/credentials'

/**
 * What goes over the wire, by the types of the official SDK. `generate-schemas.ts` makes JSON Schemas of every type that
 * is exported here; the stand-in holds each request and each answer against them.
 */

/** The SDK sends these as headers, or puts them into the path. */
type NotInBody = 'betas' | 'workspace_id' | 'vault_id'
type Body<Params> = Omit<Params, NotInBody>

interface Page<Item> {
  data: Item[]
  next_page: string | null
}

interface SessionPage {
  data: Sessions.BetaManagedAgentsSession[]
  next_page: string | null
  prev_page: string | null
}

export type AgentCreate = Body<Agents.AgentCreateParams>
export type AgentUpdate = Body<Agents.AgentUpdateParams>
export type Agent = Agents.BetaManagedAgentsAgent
export type AgentList = Page<Agent>

export type EnvironmentCreate = Body<Environments.EnvironmentCreateParams>
export type EnvironmentUpdate = Body<Environments.EnvironmentUpdateParams>
export type Environment = Environments.BetaEnvironment
export type EnvironmentList = Page<Environment>
export type EnvironmentDeleted = Environments.BetaEnvironmentDeleteResponse

export type VaultCreate = Body<Vaults.VaultCreateParams>
export type VaultUpdate = Body<Vaults.VaultUpdateParams>
export type Vault = Vaults.BetaManagedAgentsVault
export type VaultList = Page<Vault>
export type VaultDeleted = Vaults.BetaManagedAgentsDeletedVault

export type CredentialCreate = Body<Credentials.CredentialCreateParams>
export type CredentialUpdate = Body<Credentials.CredentialUpdateParams>
export type Credential = Credentials.BetaManagedAgentsCredential
export type CredentialList = Page<Credential>
export type CredentialDeleted = Credentials.BetaManagedAgentsDeletedCredential

export type SessionCreate = Body<Sessions.SessionCreateParams>
export type SessionUpdate = Body<Sessions.SessionUpdateParams>
export type Session = Sessions.BetaManagedAgentsSession
export type SessionList = SessionPage
export type SessionDeleted = Sessions.BetaManagedAgentsDeletedSession

export type EventsSend = Body<Events.EventSendParams>
export type EventsSent = Events.BetaManagedAgentsSendSessionEvents
export type SessionEvent = Events.BetaManagedAgentsSessionEvent
export type EventList = Page<SessionEvent>
export type StreamEvent = Events.BetaManagedAgentsStreamSessionEvents

/** What a list may be asked for. */
export type AgentQuery = Body<Agents.AgentListParams>
export type AgentRetrieveQuery = Body<Agents.AgentRetrieveParams>
export type EnvironmentQuery = Body<Environments.EnvironmentListParams>
export type VaultQuery = Body<Vaults.VaultListParams>
export type CredentialQuery = Body<Credentials.CredentialListParams>
export type SessionQuery = Body<Sessions.SessionListParams>
export type EventQuery = Body<Events.EventListParams>
export type StreamQuery = Body<Events.EventStreamParams>

export type Nothing = Record<string, never>

export interface ApiFailure {
  type: 'error'
  error: {type: string; message: string; details?: object}
  request_id: string
}
