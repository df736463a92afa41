/** The shapes of Anthropic's API that this folder works with, by short names. */
export type {Anthropic} from '@anthropic-ai/sdk'
export type {
  AgentCreateParams,
  AgentUpdateParams,
  BetaManagedAgentsAgent as Agent,
} from '@anthropic-ai/sdk/resources/beta/agents/agents'
export type {BetaEnvironment as Environment} from '@anthropic-ai/sdk/resources/beta/environments/environments'
export type {
  BetaManagedAgentsEventParams as EventParams,
  BetaManagedAgentsSessionEvent as SessionEvent,
  BetaManagedAgentsStreamSessionEvents as StreamEvent,
} from '@anthropic-ai/sdk/resources/beta/sessions/events'
export type {
  BetaManagedAgentsSession as Session,
  SessionCreateParams,
} from '@anthropic-ai/sdk/resources/beta/sessions/sessions'
export type {BetaManagedAgentsCredential as Credential} from '@anthropic-ai/sdk/resources/beta/vaults/credentials'
export type {BetaManagedAgentsVault as Vault} from '@anthropic-ai/sdk/resources/beta/vaults/vaults'
