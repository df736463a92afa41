import {findSecrets} from './find-secrets.ts'
import type {SecretSpan} from './secret-span.ts'

/** Goes up with every change of what is found, so that rows can say which rules they went through. */
export const REDACTION_RULES_VERSION = 1

export interface Redaction {
  text: string
  /** How often something of each kind was cut; empty when the text is as it was. */
  found: {kind: string; count: number}[]
}

/** The text with `[redacted:kind]` in the place of every secret. A text that went through it comes out unchanged. */
export function redactText(text: string): Redaction {
  const secrets = findSecrets(text)
  if (secrets.length === 0) return {text, found: []}
  return {text: replaceSecrets(text, secrets), found: countKinds(secrets)}
}

export function replaceSecrets(text: string, secrets: readonly SecretSpan[]): string {
  let redacted = ''
  let position = 0
  for (const {kind, start, end} of secrets) {
    redacted += `${text.slice(position, start)}${placeholderFor(kind)}`
    position = end
  }
  return redacted + text.slice(position)
}

export function placeholderFor(kind: string): string {
  return `[redacted:${kind}]`
}

function countKinds(secrets: readonly SecretSpan[]): Redaction['found'] {
  const counts = new Map<string, number>()
  for (const {kind} of secrets) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => ({kind, count}))
}
