import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {type Environment, loadClientConfig, resolvePaths} from './environment.ts'

/** What a program goes by on a computer that setup was run on, with this in the shell besides. */
function configOf(
  environment: Environment,
  file = 'BMFOTE_URL=https://memory.example.com\nBMFOTE_TOKEN=kept\n',
) {
  const home = tempFolder()
  mkdirSync(join(home, '.claude'))
  writeFileSync(join(home, '.claude', 'bmfote.env'), file)
  return loadClientConfig(environment, resolvePaths({HOME: home}))
}

test.each<[string, Environment, string | undefined]>([
  ['the server that stands with it in bmfote.env', {}, 'kept'],
  ['the same, named again', {BMFOTE_URL: 'https://MEMORY.example.com/'}, 'kept'],
  ['another server', {BMFOTE_URL: 'http://127.0.0.1:9000'}, undefined],
  ['one whose name begins alike', {BMFOTE_URL: 'https://memory.example.com.evil.net'}, undefined],
  ['the same over plain HTTP', {BMFOTE_URL: 'http://memory.example.com'}, undefined],
  ['the local file', {BMFOTE_URL: ''}, undefined],
  ['another server with a token of its own', {BMFOTE_URL: 'http://x', BMFOTE_TOKEN: 'its own'}, 'its own'],
])('what token goes to %s', (_, environment, token) => {
  expect(configOf(environment).token).toBe(token)
})

test('a token that stands there alone goes to whatever server is named', () => {
  expect(configOf({BMFOTE_URL: 'http://x'}, 'BMFOTE_TOKEN=kept\n').token).toBe('kept')
})
