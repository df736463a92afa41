import {chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {tempFolder} from '../../../../test/helpers/temp-folder.ts'
import type {WireMessage} from '../wire-message.ts'
import {FileSpool} from './file-spool.ts'

const URL = 'http://127.0.0.1:1'

function message(uuid: string): WireMessage {
  return {session_id: 's', uuid, content: uuid}
}

function open(folder: string, url = URL): {spool: FileSpool; warnings: string[]} {
  const warnings: string[] = []
  return {spool: new FileSpool(folder, {url, logger: {warn: (text) => void warnings.push(text)}}), warnings}
}

function uuidsIn(spool: FileSpool, except: string[] = [], max = 100): string[] {
  return spool.read(new Set(except), max).map((entry) => entry.message.uuid)
}

test('what was put down is read in its order, by whoever opens the folder next, and nobody else on the machine', () => {
  const folder = join(tempFolder(), 'deep', 'spool')
  const {spool} = open(folder)
  const names = ['a', 'b', 'c'].map((uuid) => spool.put(message(uuid)) ?? '')

  expect(uuidsIn(open(folder).spool)).toEqual(['a', 'b', 'c'])
  expect(uuidsIn(spool, [names[0] ?? ''], 1)).toEqual(['b'])
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, names[0] ?? '')).mode & 0o777).toBe(0o600)
})

test('what was removed is gone', () => {
  const folder = tempFolder()
  const {spool} = open(folder)
  const name = spool.put(message('a')) ?? ''
  spool.remove(name)

  expect(readdirSync(folder)).toEqual([])
  expect(uuidsIn(spool)).toEqual([])
})

test('nothing is kept of what was removed: a file that comes again under its name is read', () => {
  const folder = tempFolder()
  const {spool} = open(folder)
  const name = spool.put(message('a')) ?? ''
  const text = readFileSync(join(folder, name))
  spool.remove(name)
  writeFileSync(join(folder, name), text)

  expect(uuidsIn(spool)).toEqual(['a'])
})

test('a message is sent to the server that it is for, and to no other', () => {
  const folder = tempFolder()
  open(folder).spool.put(message('a'))

  expect(uuidsIn(open(folder, 'http://other').spool)).toEqual([])
  expect(uuidsIn(open(folder).spool)).toEqual(['a'])
})

test('a file that is no message is set aside, with a warning, and what is half written is left alone', () => {
  const folder = tempFolder()
  writeFileSync(join(folder, '1.json'), '{"version":1,"url"')
  writeFileSync(join(folder, '2.json'), JSON.stringify({version: 1, url: URL, message: {content: 'nobody'}}))
  writeFileSync(join(folder, '3.json.part'), '{"ver')
  writeFileSync(join(folder, '4.json.part'), '{"ver')
  utimesSync(join(folder, '4.json.part'), 1, 1)
  const {spool, warnings} = open(folder)

  expect(uuidsIn(spool)).toEqual([])
  expect(readdirSync(folder).sort()).toEqual(['1.json.bad', '2.json.bad', '3.json.part'])
  expect(warnings).toHaveLength(2)
})

test('a folder of a later version is left to the later version', () => {
  const folder = tempFolder()
  writeFileSync(join(folder, '1.json'), JSON.stringify({version: 2, url: URL, message: message('a')}))

  expect(uuidsIn(open(folder).spool)).toEqual([])
  expect(readFileSync(join(folder, '1.json'), 'utf8')).toContain('"version":2')
})

test.skipIf(process.getuid?.() === 0)(
  'a folder that can not be written is warned of once, and nothing breaks',
  () => {
    const folder = tempFolder()
    const {spool, warnings} = open(folder)
    chmodSync(folder, 0o500)

    expect([spool.put(message('a')), spool.put(message('b'))]).toEqual([undefined, undefined])
    expect(warnings).toHaveLength(1)
  },
)

test.skipIf(process.getuid?.() === 0)('what can not be removed is not read again', () => {
  const folder = tempFolder()
  const {spool} = open(folder)
  const name = spool.put(message('a')) ?? ''
  chmodSync(folder, 0o500)
  spool.remove(name)

  expect(uuidsIn(spool)).toEqual([])
  expect(readdirSync(folder)).toEqual([name])
})
