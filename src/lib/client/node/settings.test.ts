import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {tempFolder} from '../../../../test/helpers/temp-folder.ts'
import {Client} from '../client.ts'
import {nodePlatform} from './platform.ts'
import {readSettings} from './settings.ts'

function homeWith(text: string): string {
  const home = tempFolder()
  mkdirSync(join(home, '.claude'))
  writeFileSync(join(home, '.claude', 'bmfote.env'), text)
  return home
}

test('the environment wins over bmfote.env, which is read as a shell would', () => {
  const HOME = homeWith(
    '# ours\nBMFOTE_URL=https://file.example\r\nexport BMFOTE_TOKEN="a # b"\nBMFOTE_WORKSPACE=team # mine\nnonsense\n',
  )

  expect(readSettings({HOME, BMFOTE_WORKSPACE: 'mine'})).toEqual({
    url: 'https://file.example',
    token: 'a # b',
    workspace: 'mine',
    author: undefined,
    tokenUrl: 'https://file.example',
  })
})

test('a variable that is set but empty hides what stands in the file', () => {
  const HOME = homeWith('BMFOTE_URL=https://file.example\nBMFOTE_TOKEN=secret\n')

  expect(readSettings({HOME, BMFOTE_URL: '', BMFOTE_TOKEN: ''})).toMatchObject({
    url: undefined,
    token: undefined,
  })
})

test('CLAUDE_CONFIG_DIR moves the file, and without one there are no settings', () => {
  const HOME = homeWith('BMFOTE_URL=https://file.example\n')

  expect(readSettings({HOME: '/nowhere', CLAUDE_CONFIG_DIR: join(HOME, '.claude')}).url).toBe(
    'https://file.example',
  )
  expect(readSettings({HOME: '/nowhere'}).url).toBeUndefined()
})

test.each([
  ['the address of the file', {}, 'Bearer secret'],
  ['that address with a slash', {url: 'https://file.example/'}, 'Bearer secret'],
  ['another address', {url: 'https://other.example'}, null],
  ['another address with a token of its own', {url: 'https://other.example', token: 'own'}, 'Bearer own'],
])('the token of the file goes to %s only', async (_, options, sent) => {
  const HOME = homeWith('BMFOTE_URL=https://file.example\nBMFOTE_TOKEN=secret\n')
  let header: string | null = ''
  const client = new Client(
    {
      ...options,
      fetch: async (_url, init) => {
        header = new Headers(init?.headers).get('authorization')
        return Response.json([])
      },
    },
    nodePlatform(() => readSettings({HOME})),
  )
  await client.search('x')

  expect(header).toBe(sent)
})
