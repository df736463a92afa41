import {expect, test} from 'vitest'
import {fingerprintOf, matchesFingerprint} from './fingerprint.ts'

test('tells the same token from another, without holding it', () => {
  const fingerprint = fingerprintOf('a secret')

  expect(matchesFingerprint('a secret', fingerprint)).toBe(true)
  expect(matchesFingerprint('a secret ', fingerprint)).toBe(false)
  expect(fingerprint).not.toContain('secret')
  // Values of metadata have a limit.
  expect(fingerprint.length).toBeLessThan(512)
})

test('two of one token have nothing in common', () => {
  expect(fingerprintOf('a secret')).not.toBe(fingerprintOf('a secret'))
})

test.each([undefined, '', 'scrypt.a.b', 'sha1.AAAA.BBBB', 'scrypt..'])('%o is of no token', (text) => {
  expect(matchesFingerprint('a secret', text)).toBe(false)
})
