import {findSecrets} from './find-secrets.ts'
import type {SecretSpan} from './secret-span.ts'

/** Goes up with every change of what is found, so that rows can say which rules they went through. */
export const REDACTION_RULES_VERSION = 1

export interface Redaction {
  text: string
  /** How often something of each kind was cut; empty when the text is as it was. */
  found: {kind: string; count: number}[]
}

/** A text that takes more is made to take more. */
const ROUNDS_MAX = 10

/**
 * The text with `[redacted:kind]` in the place of every secret. A text that went through it comes out unchanged: a
 * placeholder may bring to light what stood beside the secret, so it looks again until there is nothing more.
 */
export function redactText(text: string): Redaction {
  let redacted = text
  const counts = new Map<string, number>()
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const secrets = findSecrets(redacted)
    if (secrets.length === 0) break
    redacted = replaceSecrets(redacted, secrets)
    for (const {kind} of secrets) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return {text: redacted, found: [...counts].map(([kind, count]) => ({kind, count}))}
}

export function replaceSecrets(text: string, secrets: readonly SecretSpan[]): string {
  let redacted = ''
  let position = 0
  for (const {kind, start, end} of secrets) {
    redacted += text.slice(position, start) + placeholderFor(kind)
    position = end
  }
  return redacted + text.slice(position)
}

export function placeholderFor(kind: string): string {
  return `[redacted:${kind}]`
}
