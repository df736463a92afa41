import {execFileSync} from 'node:child_process'
import {chmodSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {loadClientConfig, resolvePaths} from '../config/environment.ts'
import {envFileEdit} from './env-file.ts'
import type {Connection} from './tool.ts'

const SERVER: Connection = {url: 'https://memory.example.com', token: 's3cret', author: 'Ana Lima'}

function install(text: string | undefined, connection: Connection = SERVER) {
  return envFileEdit('/home/ana/.claude/bmfote.env', connection).install(text)
}

describe('bmfote.env', () => {
  test('holds what is known, and says what it holds without the token', () => {
    const {text, details} = install(undefined)

    expect(text).toBe(
      "BMFOTE_URL=https://memory.example.com\nBMFOTE_TOKEN=s3cret\nBMFOTE_AUTHOR='Ana Lima'\n",
    )
    expect(details.map((detail) => detail.text)).toEqual([
      'BMFOTE_URL=https://memory.example.com',
      'BMFOTE_TOKEN=(your token)',
      'BMFOTE_AUTHOR=Ana Lima',
    ])
  })

  test('other lines, their order and their ends stay', () => {
    const text = '# mine\r\nexport BMFOTE_TOKEN=old\r\nOTHER=1\r\nBMFOTE_TOKEN=older\r\nBMFOTE_URLS=x'

    expect(install(text).text).toBe(
      '# mine\r\nBMFOTE_TOKEN=s3cret\r\nOTHER=1\r\nBMFOTE_URLS=x\r\nBMFOTE_URL=https://memory.example.com\r\n' +
        "BMFOTE_AUTHOR='Ana Lima'\r\n",
    )
  })

  test('without a server, address and token go', () => {
    const {text, details} = install('BMFOTE_URL=https://old\nBMFOTE_TOKEN=x\nOTHER=1\n', {author: 'ana'})

    expect(text).toBe('OTHER=1\nBMFOTE_AUTHOR=ana\n')
    expect(details).toContainEqual({sign: '-', text: 'BMFOTE_URL'})
  })

  test('without what is ours, the rest; or nothing where nothing was', () => {
    const edit = envFileEdit('x', SERVER)
    const own = edit.install(undefined).text ?? ''

    expect(edit.uninstall(own, '')).toBeUndefined()
    expect(edit.uninstall(own, undefined)).toBeUndefined()
    expect(edit.uninstall(`${own}OTHER=1\n`, '')).toBe('OTHER=1\n')
    expect(edit.uninstall(own, '# mine\n')).toBe('')
  })

  test.each([
    'plain',
    'Ana Lima',
    "O'Neil",
    'a#b',
    'x=y z',
    '$HOME',
    'say "hi"',
    'Zoë',
    '`id`',
    'back\\slash',
  ])('bmfote and a shell read the same: %s', (author) => {
    const home = tempFolder()
    const folder = join(home, '.claude')
    execFileSync('mkdir', [folder])
    const file = join(folder, 'bmfote.env')
    writeFileSync(file, install(undefined, {author}).text ?? '')
    chmodSync(file, 0o600)

    const byShell = execFileSync('sh', ['-c', `. "${file}"; printf %s "$BMFOTE_AUTHOR"`]).toString()

    expect(loadClientConfig({}, resolvePaths({HOME: home})).author).toBe(author)
    expect(byShell).toBe(author)
  })

  test.each(['two\nlines', `both ' and "`])('what no file can hold is refused: %j', (author) => {
    expect(() => install(undefined, {author})).toThrow('BMFOTE_AUTHOR')
  })
})
