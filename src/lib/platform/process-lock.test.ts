import {execFile, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync, rmdirSync, utimesSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {acquireProcessLock} from './process-lock.ts'

const CHILD = fileURLToPath(new URL('../../../test/helpers/lock-child.ts', import.meta.url))

function ageSeconds(path: string, seconds: number): void {
  const then = Date.now() / 1000 - seconds
  utimesSync(path, then, then)
}

describe('a lock', () => {
  test('is held by one, and free when that one lets go', async () => {
    const path = join(tempFolder(), 'run', 'sender')
    const lock = await acquireProcessLock(path)

    expect(lock).toBeDefined()
    expect(await acquireProcessLock(path)).toBeUndefined()
    await lock?.release()
    expect(await acquireProcessLock(path)).toBeDefined()
  })

  test('leaves one file behind, however often it is taken', async () => {
    const folder = tempFolder()
    for (let i = 0; i < 5; i++) await (await acquireProcessLock(join(folder, 'sender')))?.release()

    expect(readdirSync(folder)).toEqual(['sender.5'])
  })

  test('that is removed leaves nothing, and its folder may go and come again', async () => {
    const path = join(tempFolder(), 'run', 'sender')
    for (let i = 0; i < 3; i++) {
      const lock = await acquireProcessLock(path)
      expect(readdirSync(dirname(path))).toEqual(['sender.1'])
      await lock?.remove()
      rmdirSync(dirname(path))
    }
  })

  test('is not taken by who comes late, with a higher number, after it was removed and taken anew', async () => {
    const path = join(tempFolder(), 'sender')
    const lock = await acquireProcessLock(path)
    writeFileSync(`${path}.7`, '{"released":true}')

    expect(await acquireProcessLock(path)).toBeUndefined()
    await lock?.remove()
    expect(await acquireProcessLock(path)).toBeDefined()
  })

  test('of a process that was killed is free', async () => {
    const path = join(tempFolder(), 'sender')
    const child = spawn(process.execPath, [CHILD, path, '1', 'crash'])
    await once(child, 'exit')

    expect(JSON.parse(readFileSync(`${path}.1`, 'utf8'))).toMatchObject({pid: child.pid})
    expect(await acquireProcessLock(path)).toBeDefined()
  })

  test('of a process whose number another one has by now is free', async () => {
    const path = join(tempFolder(), 'sender')
    writeFileSync(`${path}.3`, JSON.stringify({host: hostname(), pid: process.pid, began: 'another time'}))

    expect(await acquireProcessLock(path)).toBeDefined()
  })

  test('that is being written down is held, for as long as writing can take', async () => {
    const path = join(tempFolder(), 'sender')
    writeFileSync(`${path}.1`, '{"host":')

    expect(await acquireProcessLock(path)).toBeUndefined()
    ageSeconds(`${path}.1`, 60)
    expect(await acquireProcessLock(path)).toBeDefined()
  })

  test('of another machine is believed for as long as it gives signs of life', async () => {
    const path = join(tempFolder(), 'sender')
    writeFileSync(`${path}.1`, JSON.stringify({host: 'another', pid: 1, began: '1'}))

    expect(await acquireProcessLock(path)).toBeUndefined()
    ageSeconds(`${path}.1`, 600)
    expect(await acquireProcessLock(path)).toBeDefined()
  })

  test.each(['release', 'remove'])(
    'is never held by two of many processes that crowd for it, and %s it, crashes among them',
    async (end) => {
      const path = join(tempFolder(), 'run', 'sender')
      const crashing = Array.from({length: 3}, () => spawn(process.execPath, [CHILD, path, '5', 'crash']))
      const ends = crashing.map((child) => once(child, 'exit'))
      const run = promisify(execFile)
      const children = Array.from({length: 4}, () => run(process.execPath, [CHILD, path, '25', end]))

      const outputs = await Promise.all(children)
      expect(outputs.map(({stdout}) => stdout.trim())).toEqual(['25', '25', '25', '25'])
      expect((await Promise.all(ends)).map(([, signal]) => signal)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL'])
    },
  )
})
