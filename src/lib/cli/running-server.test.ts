import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {dirname, join} from 'node:path'
import {beforeEach, expect, onTestFinished, test} from 'vitest'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {type Paths, resolvePaths} from '../config/environment.ts'
import {findRunningServer} from './running-server.ts'

const INSTANCE = '8b923f09-d3ba-47a9-83b3-c5058a8c8090'

let paths: Paths
beforeEach(() => {
  paths = resolvePaths({HOME: tempFolder()})
})

/** A program on a port of its own that says of itself what it is told to. */
async function listen(body: string): Promise<string> {
  const server = createServer((_, response) => response.end(body))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function writeState(state: object): void {
  mkdirSync(dirname(paths.serverState), {recursive: true})
  writeFileSync(paths.serverState, JSON.stringify({...whole(), ...state}))
}

function whole() {
  return {pid: process.pid, url: '', databasePath: paths.database, instance: INSTANCE, auth: false}
}

const find = (options: {hasToken?: boolean} = {}) => findRunningServer({paths, hasToken: false, ...options})

test('a server that runs over our file is found', async () => {
  const url = await listen(JSON.stringify({name: 'bmfote', instance: INSTANCE}))
  writeState({url})

  expect(await find()).toBe(url)
})

test('without a server there is none', async () => {
  expect(await find()).toBeUndefined()
})

test('what a crash left behind is not believed: the process is gone', async () => {
  const url = await listen(JSON.stringify({instance: INSTANCE}))
  writeState({url, pid: 0x7f_ff_ff_ff})

  expect(await find()).toBeUndefined()
})

test('what a crash left behind is not believed: another program has the port', async () => {
  writeState({url: await listen('<html>hello</html>')})
  expect(await find()).toBeUndefined()

  writeState({url: await listen(JSON.stringify({instance: 'a later run'}))})
  expect(await find()).toBeUndefined()
})

test('what a crash left behind is not believed: nobody answers', async () => {
  writeState({url: 'http://127.0.0.1:9'})

  expect(await find()).toBeUndefined()
})

test('a half-written note is as good as none', async () => {
  mkdirSync(dirname(paths.serverState), {recursive: true})
  writeFileSync(paths.serverState, '{"pid": 12')

  expect(await find()).toBeUndefined()
})

test("another file's server is not ours", async () => {
  writeState({
    url: await listen(JSON.stringify({instance: INSTANCE})),
    databasePath: join(paths.home, 'other.db'),
  })

  expect(await find()).toBeUndefined()
})

test('the same file by another name is ours', async () => {
  const url = await listen(JSON.stringify({instance: INSTANCE}))
  mkdirSync(paths.home, {recursive: true})
  writeFileSync(paths.database, '')
  symlinkSync(paths.database, join(paths.home, 'link.db'))
  writeState({url, databasePath: join(paths.home, 'link.db')})

  expect(await find()).toBe(url)
})

test('a server that wants a token serves us only when we have one', async () => {
  const url = await listen(JSON.stringify({instance: INSTANCE}))
  writeState({url, auth: true})

  expect(await find()).toBeUndefined()
  expect(await find({hasToken: true})).toBe(url)
})
