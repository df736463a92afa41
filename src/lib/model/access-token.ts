import {randomBytes} from 'node:crypto'

/** As `openssl rand -hex 32` makes it: nothing in it that a shell or a file of variables could mistake. */
const TOKEN_BYTES = 32

/** Of a token this long, four characters give nothing away. */
const SHOWABLE_CHARS_MIN = 16

export function createAccessToken(): string {
  return randomBytes(TOKEN_BYTES).toString('hex')
}

/** Enough to tell two tokens apart, and of no use to anybody else. */
export function tokenHint(token: string): string {
  return token.length < SHOWABLE_CHARS_MIN ? 'set' : `ends in …${token.slice(-4)}`
}
