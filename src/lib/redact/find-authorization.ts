import {isPlaceholder, isTutorialValue} from './placeholder.ts'
import {looksRandom} from './randomness.ts'
import type {SecretSpan} from './secret-span.ts'

/** What must stand in a text that has a credential for HTTP; looked for first, because it is found fast. */
const HINTS = ['earer', 'asic ', 'uthorization']

const CREDENTIALS =
  /\b(?:(bearer)|(basic)|authorization["'\\]{0,4}[ \t]{0,4}[:=][ \t]{0,4}["'\\]{0,4}(?:token|key|apikey|digest|negotiate|ntlm))[ \t]{1,4}(?=([A-Za-z0-9._~+/=-]{8,8192}))/gi

const BEARER_CHARS_MIN = 16

/** `Authorization: Bearer …`, `Basic …`, `token …`, in headers, command lines and code. */
export function findAuthorization(text: string, found: SecretSpan[]): void {
  if (!HINTS.some((hint) => text.includes(hint))) return
  for (const match of text.matchAll(CREDENTIALS)) {
    const [scheme, , basic, value = ''] = match
    const start = match.index + scheme.length
    const end = start + value.replace(/\.+$/, '').length
    const credential = text.slice(start, end)
    if (basic ? isBasic(credential) : isBearer(credential)) {
      found.push({kind: basic ? 'basic-auth' : 'bearer-token', start, end})
    }
  }
}

function isBearer(credential: string): boolean {
  return credential.length >= BEARER_CHARS_MIN && looksRandom(credential) && !isPlaceholder(credential)
}

/** `user:password` in base64, which can be checked. */
function isBasic(credential: string): boolean {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(credential)) return false
  const decoded = Buffer.from(credential, 'base64').toString('utf8')
  const [, password] = /^[\x20-\x7E\u00A0-\uFFFC]*?:([\x20-\x7E\u00A0-\uFFFC]+)$/.exec(decoded) ?? []
  return password !== undefined && !isPlaceholder(password) && !isTutorialValue(password)
}
