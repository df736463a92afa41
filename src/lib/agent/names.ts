/** Names that this program goes by in Anthropic's API: the contract with agents made by others, and earlier. */
export const MCP_SERVER = 'bmfote'
export const VAULT_NAME = 'bmfote-default'
export const ENVIRONMENT_NAME = 'bmfote-default-env'

/** Marks what this program has made. */
export const MARKER_KEY = 'bmfote'
export const MARKER = {
  agent: 'agent',
  vault: 'vault',
  environment: 'environment',
  credential: 'credential',
  run: 'run',
}

/** Names the attempt that made a thing, to find it again when the answer was lost. */
export const NONCE_KEY = 'bmfote_nonce'

/** Of the token that a credential holds. */
export const FINGERPRINT_KEY = 'bmfote_token'
