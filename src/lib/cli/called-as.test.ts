import {chmodSync, mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {calledAs} from './called-as.ts'

const binary = {
  execPath: '/home/ana/bmfote/dist/bmfote',
  argv: ['bun', '/$bunfs/root/bmfote'],
  cwd: '/home/ana/bmfote',
}

function folderWithProgram(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bmfote-path-'))
  writeFileSync(join(folder, 'bmfote'), '')
  chmodSync(join(folder, 'bmfote'), 0o755)
  return folder
}

test('a binary in a clone is called by its path from here', () => {
  expect(calledAs({PATH: '/nowhere'}, binary)).toBe('./dist/bmfote')
  expect(calledAs({PATH: '/nowhere'}, {...binary, cwd: '/tmp'})).toBe('/home/ana/bmfote/dist/bmfote')
})

test('an installed program is called by its name', () => {
  expect(calledAs({PATH: `/nowhere:${folderWithProgram()}`}, binary)).toBe('bmfote')
})

test('a folder that npm put on the PATH is not there in another terminal', () => {
  const PATH = join(folderWithProgram(), 'node_modules/.bin')
  expect(calledAs({PATH}, binary)).toBe('./dist/bmfote')
})

test('npx is named where npx started it', () => {
  expect(calledAs({PATH: '', npm_command: 'exec'}, binary)).toBe('npx bmfote')
})

test('from source, the runtime and the script are named', () => {
  const source = {...binary, execPath: '/opt/bun', argv: ['/opt/bun', '/home/ana/bmfote/bin/run.ts']}
  expect(calledAs({PATH: ''}, source)).toBe('/opt/bun ./bin/run.ts')
})

test('a home of its own is named too, quoted for the shell', () => {
  expect(calledAs({PATH: '', BMFOTE_HOME: '/tmp/my memory'}, binary)).toBe(
    "BMFOTE_HOME='/tmp/my memory' ./dist/bmfote",
  )
})
