export const DEFAULT_WORKSPACE_ID = 'bmfote-default'

/**
 * What an MCP client says of itself once, for all its calls: settings of tools can hold headers, and no arguments.
 * Values are percent-encoded (encodeURIComponent), for headers hold Latin letters only.
 */
export const CLIENT_HEADERS = {
  source: 'X-Bmfote-Source',
  author: 'X-Bmfote-Author',
  workspace: 'X-Bmfote-Workspace',
} as const

/** Limits of the wire. Numbers out of a range are clamped, not refused. */
export const WIRE_LIMITS = {
  search: {limit: {default: 20, min: 1, max: 100}},
  findError: {limit: {default: 5, min: 1, max: 20}},
  context: {default: 1, min: 0, max: 10},
  recent: {hours: {default: 24, min: 1, max: 168}, limit: {default: 50, min: 1, max: 200}},
  project: {limit: {default: 20, min: 1, max: 100}},
  sessions: {limit: {default: 50, min: 1, max: 200}},
  recall: {limit: {default: 10, min: 1, max: 50}, budget: {default: 6_000, min: 500, max: 20_000}},
  export: {limit: {default: 1_000, min: 1, max: 1_000}},
  batchItems: 1_000,
  bodyBytes: 10 * 1024 * 1024,
  contentChars: 50_000,
  idChars: 256,
  labelChars: 512,
} as const
