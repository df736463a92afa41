import {execFileSync} from 'node:child_process'
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {describeFolder, projectOfFolder} from './project.ts'
import {ProjectFolders} from './project-folders.ts'

function makeFolder(...parts: string[]): string {
  const path = join(...parts)
  mkdirSync(path, {recursive: true})
  return path
}

function git(folder: string, ...args: string[]): void {
  const settings = ['-c', 'user.name=t', '-c', 'user.email=t@t']
  const env = {PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1'}
  execFileSync('git', [...settings, ...args], {cwd: folder, stdio: 'pipe', env})
}

function makeRepository(...parts: string[]): string {
  const path = makeFolder(...parts)
  git(path, 'init', '-q')
  git(path, 'commit', '-q', '--allow-empty', '-m', 'first')
  return path
}

function writeProjectFile(folder: string, value: unknown): void {
  writeFileSync(join(folder, '.bmfote'), typeof value === 'string' ? value : JSON.stringify(value))
}

describe('.bmfote names the project', () => {
  test('from the next one upwards, as far as the root of the repository', () => {
    const folder = tempFolder()
    writeProjectFile(folder, {project: 'outside'})
    const repository = makeRepository(folder, 'acme')
    const deep = makeFolder(repository, 'packages', 'core')

    expect(projectOfFolder(deep)).toBe('acme')
    writeProjectFile(repository, {project: 'webshop'})
    expect(projectOfFolder(deep)).toBe('webshop')
    writeProjectFile(join(repository, 'packages'), {project: 'packages of it'})
    expect(projectOfFolder(deep)).toBe('packages of it')
    expect(projectOfFolder(repository)).toBe('webshop')
  })

  test('outside a repository it is the folder’s own', () => {
    const folder = makeFolder(tempFolder(), 'notes')
    writeProjectFile(folder, {project: 'diary'})

    expect(projectOfFolder(folder)).toBe('diary')
    expect(projectOfFolder(makeFolder(folder, 'below'))).toBe('below')
  })

  test('a worktree without one has the main worktree’s', () => {
    const folder = tempFolder()
    const repository = makeRepository(folder, 'acme')
    const worktree = join(folder, 'acme-login')
    git(repository, 'worktree', 'add', '-q', worktree)
    writeProjectFile(repository, {project: 'webshop'})

    expect(projectOfFolder(worktree)).toBe('webshop')
  })

  test.each<[unknown, string]>([
    ['{"project": ', 'broken'],
    ['["webshop"]', 'a list'],
    ['null', 'null'],
    [{project: ''}, 'empty'],
    [{project: 7}, 'a number'],
    [{project: 'two\nlines'}, 'with a line break'],
    [{project: 'x'.repeat(600)}, 'too long'],
  ])('%j says nothing: %s', (value) => {
    const folder = makeFolder(tempFolder(), 'acme')
    writeProjectFile(folder, value)

    expect(projectOfFolder(folder)).toBe('acme')
  })

  test('a folder or a link to nowhere of that name is none', () => {
    const folder = tempFolder()
    makeFolder(folder, 'one', '.bmfote')
    symlinkSync(join(folder, 'nowhere'), join(makeFolder(folder, 'two'), '.bmfote'))

    expect(projectOfFolder(join(folder, 'one'))).toBe('one')
    expect(projectOfFolder(join(folder, 'two'))).toBe('two')
  })

  test('a pipe of that name holds nobody up', () => {
    const folder = makeFolder(tempFolder(), 'acme')
    execFileSync('mkfifo', [join(folder, '.bmfote')])

    expect(projectOfFolder(folder)).toBe('acme')
  })

  test('nothing but the label and the list is taken from it', () => {
    const folder = makeFolder(tempFolder(), 'acme')
    const stranger = {
      url: 'https://evil.example',
      token: 't',
      workspace: 'w',
      workspace_id: 'w',
      author: 'me',
    }
    writeProjectFile(folder, {...stranger, project: 'webshop', ignore: ['*.pem', 7, '']})

    expect(describeFolder(folder)).toEqual({
      name: 'webshop',
      file: {folder, project: 'webshop', ignore: ['*.pem']},
    })
  })
})

describe('.bmfote says what is left out', () => {
  test('files below its folder, however they are named', () => {
    const repository = makeRepository(tempFolder(), 'acme')
    writeProjectFile(repository, {ignore: ['clients/', '*.pem']})
    const src = makeFolder(repository, 'src')
    const folders = new ProjectFolders({})

    expect(folders.isIgnored(src, join(repository, 'clients', 'list.csv'))).toBe(true)
    expect(folders.isIgnored(src, '../clients/list.csv')).toBe(true)
    expect(folders.isIgnored(src, 'main.ts')).toBe(false)
    expect(folders.isIgnored(src, '/elsewhere/clients/list.csv')).toBe(false)
  })

  test('working folders, and with * the whole project', () => {
    const repository = makeRepository(tempFolder(), 'acme')
    const clients = makeFolder(repository, 'clients', 'one')
    writeProjectFile(repository, {ignore: ['clients/']})
    const some = new ProjectFolders({})

    expect(some.isIgnored(clients)).toBe(true)
    expect(some.isIgnored(repository)).toBe(false)
    writeProjectFile(repository, {ignore: ['*']})
    expect(new ProjectFolders({}).isIgnored(repository)).toBe(true)
  })

  test.each(['.env', '.env.local', 'id_rsa', 'tls/server.key', '~/.aws/credentials'])(
    '%s is left out whether somebody says so or not',
    (path) => {
      expect(new ProjectFolders({}).isIgnored('/home/dev/acme', path)).toBe(true)
    },
  )

  test.each(['.env.example', 'environment.ts', 'keys.ts', 'credentials.md'])('%s is not', (path) => {
    expect(new ProjectFolders({}).isIgnored('/home/dev/acme', path)).toBe(false)
  })
})
