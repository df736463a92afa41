import {describe, expect, test} from 'vitest'
import {writeText} from '../../../test/helpers/setup-context.ts'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {resolvePaths} from '../config/environment.ts'
import {type ConnectionFlags, resolveConnection} from './connection.ts'

function resolve(flags: ConnectionFlags, environment: Record<string, string> = {}, file = '') {
  const paths = resolvePaths({HOME: tempFolder()})
  writeText(paths.clientEnvFile, file)
  return resolveConnection(flags, {environment, paths, gitUser: 'Git Name'})
}

const BEFORE = 'BMFOTE_URL=https://old.example.com\nBMFOTE_TOKEN=old\nBMFOTE_WORKSPACE=w\nBMFOTE_AUTHOR=ana\n'

describe('where the memory is', () => {
  test('as it was typed, else in the environment, else as it was set up before, else here', () => {
    const url = 'https://typed.example.com'
    const environment = {BMFOTE_URL: 'https://shell.example.com'}

    expect(resolve({url}, environment, BEFORE).connection.url).toBe(url)
    expect(resolve({}, environment, BEFORE).connection.url).toBe('https://shell.example.com')
    expect(resolve({}, {}, BEFORE).connection).toEqual({
      url: 'https://old.example.com',
      token: 'old',
      workspaceId: 'w',
      author: 'ana',
    })
    expect(resolve({}, {}).connection).toEqual({author: 'Git Name'})
  })

  test('the local file, when that is said', () => {
    expect(resolve({local: true}, {}, BEFORE).connection).toEqual({workspaceId: 'w', author: 'ana'})
  })

  test('a token goes to the server that it was given for', () => {
    const url = 'https://new.example.com'

    expect(resolve({url}, {}, BEFORE).connection.token).toBeUndefined()
    expect(resolve({url: 'https://old.example.com/'}, {}, BEFORE).connection.token).toBe('old')
    expect(resolve({url}, {BMFOTE_TOKEN: 'shell'}, BEFORE)).toMatchObject({
      connection: {token: 'shell'},
      sources: {token: 'BMFOTE_TOKEN in this shell'},
    })
  })
})

test('a token without a server is a slip', () => {
  expect(() => resolve({token: 't'})).toThrow('no server is named')
  expect(resolve({token: 'new'}, {}, BEFORE).connection).toMatchObject({
    url: 'https://old.example.com',
    token: 'new',
  })
})

test('an address from before that is none is no obstacle to a new one', () => {
  const {connection, notes} = resolve(
    {url: 'https://new.example.com'},
    {BMFOTE_URL: 'x y'},
    'BMFOTE_URL=not one\n',
  )

  expect(connection.url).toBe('https://new.example.com')
  expect(notes).toEqual([expect.stringContaining('BMFOTE_URL is x y in this shell')])
})

describe('variables that undo what is set up', () => {
  test('another server', () => {
    const {notes} = resolve({url: 'https://new.example.com'}, {BMFOTE_URL: 'https://stale.example.com/'})

    expect(notes).toEqual([expect.stringContaining('BMFOTE_URL is https://stale.example.com/ in this shell')])
  })

  test('the local file', () => {
    const {notes} = resolve({url: 'https://new.example.com'}, {BMFOTE_URL: ''})

    expect(notes).toEqual([expect.stringContaining('BMFOTE_URL is set to nothing')])
  })

  test('another token', () => {
    const flags = {url: 'https://new.example.com', token: 'typed'}

    expect(resolve(flags, {BMFOTE_TOKEN: 'stale'}).notes).toEqual([expect.stringContaining('BMFOTE_TOKEN')])
    expect(resolve(flags, {BMFOTE_URL: 'https://new.example.com/', BMFOTE_TOKEN: 'typed'}).notes).toEqual([])
  })
})
