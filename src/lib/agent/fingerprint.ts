import {randomBytes, scryptSync, timingSafeEqual} from 'node:crypto'

const SALT_BYTES = 16
const HASH_BYTES = 24

/**
 * Tells later whether a token is still the same one, without saying which: whoever reads the vault's metadata gets
 * neither the token nor a way to compare it with others', and guessing is slow.
 */
export function fingerprintOf(token: string, salt = randomBytes(SALT_BYTES)): string {
  const hash = scryptSync(token, salt, HASH_BYTES)
  return `scrypt.${salt.toString('base64url')}.${hash.toString('base64url')}`
}

export function matchesFingerprint(token: string, fingerprint: string | undefined): boolean {
  const [, salt, hash] = /^scrypt\.([\w-]+)\.([\w-]+)$/.exec(fingerprint ?? '') ?? []
  if (salt === undefined || hash === undefined) return false
  const expected = Buffer.from(hash, 'base64url')
  const actual = scryptSync(token, Buffer.from(salt, 'base64url'), HASH_BYTES)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
