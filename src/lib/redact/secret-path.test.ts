import {describe, expect, test} from 'vitest'
import {isSecretPath, readsSecretFile} from './secret-path.ts'

describe('files that exist to hold secrets', () => {
  test.each([
    '.env',
    '/srv/app/.env.production',
    'config/prod.env',
    'C:\\app\\.env',
    '~/.ssh/id_ed25519',
    '/home/a/.ssh/deploy',
    'server.pem',
    'tls.key',
    'id_rsa',
    '~/.aws/credentials',
    '.git-credentials',
    '~/.claude/.credentials.json',
    '~/.kube/config',
    '~/.docker/config.json',
    '~/.netrc',
    '.npmrc',
    'secrets.yaml',
    'terraform.tfstate',
    '/proc/1/environ',
    'service-account-prod.json',
    '~/.codex/auth.json',
    '~/.config/gh/hosts.yml',
    '~/.claude/bmfote.env',
  ])('%s', (path) => {
    expect(isSecretPath(path)).toBe(true)
  })

  test.each([
    '.env.example',
    'env.ts',
    'src/config.json',
    'id_rsa.pub',
    '~/.ssh/config',
    '~/.ssh/known_hosts',
    'keys.ts',
    'credentials.test.ts',
    'src/secret-path.ts',
    'constructor/x',
    '',
    '/',
  ])('not %s', (path) => {
    expect(isSecretPath(path)).toBe(false)
  })
})

describe('commands that print one', () => {
  test.each([
    'cat .env',
    'sudo cat /etc/shadow',
    'cd app && head -5 ".env.local"',
    'grep TOKEN .env | sort',
    'A=1 /bin/cat id_rsa',
    'echo $(cat server.pem)',
  ])('%s', (command) => {
    expect(readsSecretFile(command)).toBe(true)
  })

  test.each([
    'cp .env.example .env',
    'cat .env.example',
    'ls -la .env',
    'node --env-file=.env app.js',
    'cat README.md',
  ])('not %s', (command) => {
    expect(readsSecretFile(command)).toBe(false)
  })
})
