import {Anthropic} from '@anthropic-ai/sdk'
import type {AnthropicConfig} from '../config/anthropic.ts'

export interface AnthropicOptions extends AnthropicConfig {
  /** Told when the API wants to be asked later, and how much later. */
  onWait?: (seconds: number) => void
}

/** Longer than this nobody waits for a command: the person is told when to come back. */
export const WAIT_SECONDS_MAX = 120

const REQUEST_MS_MAX = 60_000

/**
 * Anthropic's API. Without a key or token of the environment, the SDK looks for a profile by itself. It says nothing on
 * its own: what goes wrong comes back as an error.
 */
export function openAnthropic({onWait, apiKey, authToken, baseUrl}: AnthropicOptions): Anthropic {
  return new Anthropic({
    ...(apiKey === undefined ? {} : {apiKey}),
    ...(authToken === undefined ? {} : {authToken}),
    ...(baseUrl === undefined ? {} : {baseURL: baseUrl}),
    timeout: REQUEST_MS_MAX,
    logLevel: 'off',
    fetch: async (input, init) => minded(await fetch(input, init), onWait),
  })
}

/** The SDK waits for as long as it is told to, without a word. */
function minded(response: Response, onWait: ((seconds: number) => void) | undefined): Response {
  if (response.ok) return response
  const seconds = retryAfterSeconds(response.headers)
  if (seconds === undefined) return response
  if (seconds <= WAIT_SECONDS_MAX) {
    onWait?.(seconds)
    return response
  }
  const headers = new Headers(response.headers)
  headers.set('x-should-retry', 'false')
  // A body that was encoded has been decoded by now.
  headers.delete('content-encoding')
  headers.delete('content-length')
  return new Response(response.body, {status: response.status, headers})
}

/** In seconds or as a date, as HTTP has it. */
export function retryAfterSeconds(headers: Headers | undefined): number | undefined {
  const value = headers?.get('retry-after')
  if (!value) return undefined
  const seconds = /^\s*[\d.]+\s*$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return seconds > 0 ? Math.ceil(seconds) : undefined
}
