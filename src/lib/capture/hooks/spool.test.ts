import {mkdirSync, readdirSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {tempFolder} from '../../../../test/helpers/temp-folder.ts'
import {Spool} from './spool.ts'

function spoolWith(files: Record<string, {text?: string; ageSeconds?: number}>) {
  const folder = join(tempFolder(), 'spool')
  mkdirSync(folder)
  for (const [name, {text = '{}', ageSeconds = 0}] of Object.entries(files)) {
    const path = join(folder, name)
    writeFileSync(path, text)
    const then = Date.now() / 1000 - ageSeconds
    utimesSync(path, then, then)
  }
  return {folder, spool: new Spool(folder)}
}

test('events are listed in the order in which they came, whatever they are called', async () => {
  const {spool} = spoolWith({
    '17-stop.json': {ageSeconds: 3},
    '1763800000000000000-9-stop.json': {ageSeconds: 2},
    '9-stop.json': {ageSeconds: 1},
    '4-stop.part': {ageSeconds: 4},
  })

  const names = (await spool.list()).map(({name}) => name)
  expect(names).toEqual(['17-stop.json', '1763800000000000000-9-stop.json', '9-stop.json'])
})

test('an event is taken up by the name that its hook gives, inside of the spool alone', async () => {
  const {folder, spool} = spoolWith({'5-stop.part': {}, '6-stop.part': {}})
  writeFileSync(join(folder, '..', 'other.part'), '')

  await spool.takeUp(join(folder, '5-stop'))
  await spool.takeUp(join(folder, '../other'))
  await spool.takeUp(join(folder, '5-stop'))

  expect(readdirSync(folder).sort()).toEqual(['5-stop.json', '6-stop.part'])
  expect(readdirSync(join(folder, '..')).sort()).toEqual(['other.part', 'spool'])
})

test('where no hook runs any more, what is whole is taken up at once', async () => {
  const {folder, spool} = spoolWith({'5-stop.part': {}, '6-stop.part': {text: '{"half":'}})

  await spool.adoptLeftovers(Date.now())
  expect(readdirSync(folder).sort()).toEqual(['5-stop.part', '6-stop.part'])
  await spool.adoptLeftovers(Date.now(), 0)
  expect(readdirSync(folder).sort()).toEqual(['5-stop.json', '6-stop.part'])
})
