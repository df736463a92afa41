export interface SearchHit {
  uuid: string
  sessionId: string
  type: string
  role: string | null
  timestamp: string | null
  model: string | null
  project: string | null
  author: string | null
  source: string | null
  tool: string | null
  status: string | null
  /** A passage of the content with the hits marked `>>>` and `<<<`. */
  snippet: string
  /** Negative, ascending in answer order: the most negative is the best. */
  rank: number
  /** The day or days that time words of the query were understood as; the same on every hit. */
  understoodDate?: string
  /** Why the hit is there, on request. */
  why?: string[]
}

export interface ErrorMatch {
  errorContext: string
  project: string | null
  timestamp: string | null
  sessionId: string
  uuid: string
  author: string | null
  source: string | null
  solution: string | null
}
