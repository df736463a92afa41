import {isPlaceholder, isStandIn} from './placeholder.ts'
import type {SecretSpan} from './secret-span.ts'

/** `user:password@` after `scheme://`; a password may hold an `@`, so the last one before the host counts. */
const USER_INFO = /([^\s/?#"'`<>\\@:]{0,128}):([^\s/"'`<>\\]{1,256})@(?=[A-Za-z0-9.[_-])/y

const PASSWORD_CHARS_MIN = 3
/** Without a digit or sign: shorter ones are the words of examples. */
const WORD_CHARS_MIN = 8

/** Passwords in addresses: `postgres://app:…@host/db`, `https://x-access-token:…@github.com`. */
export function findUrlPasswords(text: string, found: SecretSpan[]): void {
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    USER_INFO.lastIndex = at + 3
    const match = USER_INFO.exec(text)
    if (!match) continue
    const [, user = '', password = ''] = match
    const end = USER_INFO.lastIndex - 1
    if (isUrlPassword(user, password)) found.push({kind: 'url-password', start: end - password.length, end})
  }
}

function isUrlPassword(user: string, password: string): boolean {
  if (password.length < PASSWORD_CHARS_MIN || password === user) return false
  if (/^[A-Za-z]*$/.test(password) && password.length < WORD_CHARS_MIN) return false
  return !isPlaceholder(password) && !isStandIn(password)
}
