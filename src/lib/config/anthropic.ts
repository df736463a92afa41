import type {Environment} from './environment.ts'

/** How Anthropic's API is reached, as far as variables say; what they leave open is found by its SDK (profiles). */
export interface AnthropicConfig {
  apiKey?: string
  authToken?: string
  baseUrl?: string
}

/** A key wins over a token, as in Anthropic's own tools. */
export function loadAnthropicConfig(environment: Environment): AnthropicConfig {
  const setting = (name: string) => environment[name]?.trim() || undefined
  const apiKey = setting('ANTHROPIC_API_KEY')
  return {
    apiKey,
    authToken: apiKey === undefined ? setting('ANTHROPIC_AUTH_TOKEN') : undefined,
    baseUrl: setting('ANTHROPIC_BASE_URL'),
  }
}
