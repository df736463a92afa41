import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {readCaseFiles} from './case-files.ts'
import {runCase} from './case-runner.ts'
import {type FaultProxy, startFaultProxy} from './fault-proxy-process.ts'

const files = readCaseFiles()
let home: string
let server: ServerProcess
let proxy: FaultProxy

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bmfote-test-'))
  server = await startServerProcess({home})
  proxy = await startFaultProxy(server.url)
})

afterAll(async () => {
  await proxy.stop()
  await server.kill()
  rmSync(home, {recursive: true, force: true})
})

describe.each(files)('$title', ({cases}) => {
  test.each(cases)('$name', async (each) => {
    await runCase(each, {serverUrl: server.url, proxyUrl: proxy.url, folder: tempFolder()})
  })
})

test('there are cases, and no two of the same name', () => {
  const names = files.flatMap(({title, cases}) => cases.map(({name}) => `${title}: ${name}`))

  expect(names.length).toBeGreaterThan(40)
  expect(new Set(names).size).toBe(names.length)
})
