export interface NewSession {
  workspaceId?: string
  sessionId: string
  project?: string
  firstMessageAt?: string
  lastMessageAt?: string
  messageCount?: number
}

export interface Session {
  workspaceId: string
  sessionId: string
  project: string | null
  firstMessageAt: string | null
  lastMessageAt: string | null
  /** Messages stored, or what a client claimed when that is more. */
  messageCount: number
}

export interface Stats {
  messages: number
  sessions: number
  firstMessage: string | null
  lastMessage: string | null
  /** Only when one workspace was asked for. */
  workspaceId?: string
}
