export {ApiClient, type ApiClientOptions, ApiError} from './api-client.ts'
export type {
  ErrorMatchBody,
  MessageWithContextBody,
  NewMessageBody,
  NewSessionBody,
  RecentMessageBody,
  SearchHitBody,
  SessionInfoBody,
  StatsBody,
} from './protocol.ts'
export {DEFAULT_WORKSPACE_ID, WIRE_LIMITS} from './protocol.ts'
