import {describe, expect, test} from 'vitest'
import {isIgnoredPath} from './ignore-patterns.ts'

describe('patterns name files and folders as in a .gitignore', () => {
  test.each([
    ['*.pem', 'deploy/keys/server.pem', true],
    ['*.pem', 'server.pem.md', false],
    ['secrets/', 'packages/core/secrets/prod.json', true],
    ['secrets', 'secrets', true],
    ['secrets', 'secretsy/prod.json', false],
    ['/deploy', 'deploy/prod.yml', true],
    ['/deploy', 'packages/deploy/prod.yml', false],
    ['deploy/prod', 'deploy/prod/db.yml', true],
    ['deploy/prod', 'x/deploy/prod', false],
    ['**/fixtures/*.json', 'a/b/fixtures/c.json', true],
    ['**/fixtures/*.json', 'fixtures/c.json', true],
    ['**/fixtures/*.json', 'fixtures/deep/c.json', false],
    ['docs/**', 'docs/a/b.md', true],
    ['note?.txt', 'notes.txt', true],
    ['note?.txt', 'note.txt', false],
    ['Secrets', 'SECRETS/a', true],
    ['*', 'anything/at/all', true],
    ['', 'a', false],
    ['#', 'a', false],
  ])('%s, %s: %s', (pattern, path, isIgnored) => {
    expect(isIgnoredPath(path, [pattern])).toBe(isIgnored)
  })

  test('the last pattern that fits decides', () => {
    expect(isIgnoredPath('.env.example', ['.env.*', '!.env.example'])).toBe(false)
    expect(isIgnoredPath('.env.local', ['.env.*', '!.env.example'])).toBe(true)
  })

  test('the folder itself is named by the patterns for everything only', () => {
    expect(isIgnoredPath('', ['*'])).toBe(true)
    expect(isIgnoredPath('', ['**'])).toBe(true)
    expect(isIgnoredPath('', ['secrets', '*.pem'])).toBe(false)
  })

  test('a pattern that is made to be slow is as quick as any', () => {
    const pattern = `${'*a'.repeat(140)}b`
    const path = Array.from({length: 500}, () => 'a'.repeat(250)).join('/')

    expect(
      isIgnoredPath(
        path,
        Array.from({length: 20}, () => pattern),
      ),
    ).toBe(false)
  })
})
