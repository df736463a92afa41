import {findArguments} from './find-arguments.ts'
import {findAssignments} from './find-assignments.ts'
import {findAuthorization} from './find-authorization.ts'
import {findCookies} from './find-cookies.ts'
import {findPrivateElements} from './find-private-elements.ts'
import {findPrivateKeys} from './find-private-keys.ts'
import {findTokens} from './find-tokens.ts'
import {findUrlPasswords} from './find-url-passwords.ts'
import {findWebhooks} from './find-webhooks.ts'
import {findXmlElements} from './find-xml-elements.ts'
import type {SecretFinder, SecretSpan} from './secret-span.ts'

/**
 * In the order in which they name things: where two find the same characters, the earlier says what they are. A finder
 * that knows a format comes before one that goes by what stands around.
 */
const FINDERS: readonly SecretFinder[] = [
  findPrivateElements,
  findPrivateKeys,
  findTokens,
  findWebhooks,
  findAuthorization,
  findCookies,
  findUrlPasswords,
  findAssignments,
  findXmlElements,
  findArguments,
]

/** Everything in the text that should not be kept: in the order of the text, nothing twice. */
export function findSecrets(text: string): SecretSpan[] {
  const found: SecretSpan[] = []
  for (const find of FINDERS) find(text, found)
  return found.length < 2 ? found.map((span) => withWholeCharacters(text, span)) : mergeOverlaps(text, found)
}

function mergeOverlaps(text: string, found: readonly SecretSpan[]): SecretSpan[] {
  const ranked = found.map((span, rank) => ({...withWholeCharacters(text, span), rank}))
  ranked.sort((a, b) => a.start - b.start || a.rank - b.rank)
  const merged: typeof ranked = []
  for (const span of ranked) {
    const last = merged.at(-1)
    if (!last || span.start >= last.end) {
      merged.push(span)
      continue
    }
    last.end = Math.max(last.end, span.end)
    if (span.rank < last.rank) {
      last.rank = span.rank
      last.kind = span.kind
    }
  }
  return merged.map(({kind, start, end}) => ({kind, start, end}))
}

/** A character outside the basic plane is two code units, of which a limit on the length may have taken one. */
function withWholeCharacters(text: string, {kind, start, end}: SecretSpan): SecretSpan {
  return {
    kind,
    start: isLowSurrogate(text, start) && isHighSurrogate(text, start - 1) ? start - 1 : start,
    end: isLowSurrogate(text, end) && isHighSurrogate(text, end - 1) ? end + 1 : end,
  }
}

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
}
