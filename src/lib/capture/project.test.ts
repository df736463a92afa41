import {execFileSync} from 'node:child_process'
import {mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {projectOfFolder} from './project.ts'

function git(folder: string, ...args: string[]): void {
  const settings = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'protocol.file.allow=always']
  execFileSync('git', [...settings, ...args], {
    cwd: folder,
    stdio: 'pipe',
    env: {PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1'},
  })
}

function makeFolder(...parts: string[]): string {
  const path = join(...parts)
  mkdirSync(path, {recursive: true})
  return path
}

function makeRepository(...parts: string[]): string {
  const path = makeFolder(...parts)
  git(path, 'init', '-q')
  git(path, 'commit', '-q', '--allow-empty', '-m', 'first')
  return path
}

describe('in a repository', () => {
  test('the folder of the main worktree names the project, from wherever below it', () => {
    const repository = makeRepository(tempFolder(), 'acme')
    const deep = makeFolder(repository, 'packages', 'core', 'src')

    expect(projectOfFolder(repository)).toBe('acme')
    expect(projectOfFolder(deep)).toBe('acme')
    expect(projectOfFolder(join(deep, 'gone', 'long', 'ago'))).toBe('acme')
    expect(projectOfFolder(join(repository, '.git', 'hooks'))).toBe('acme')
  })

  test('a linked worktree belongs to the main one', () => {
    const folder = tempFolder()
    const repository = makeRepository(folder, 'acme')
    const worktree = join(folder, 'acme-login')
    git(repository, 'worktree', 'add', '-q', worktree)

    expect(projectOfFolder(makeFolder(worktree, 'src'))).toBe('acme')
  })

  test('a worktree whose repository is gone still says whose it was', () => {
    const folder = tempFolder()
    const repository = makeRepository(folder, 'acme')
    const worktree = join(folder, 'acme-login')
    git(repository, 'worktree', 'add', '-q', worktree)
    rmSync(repository, {recursive: true})

    expect(projectOfFolder(worktree)).toBe('acme')
  })

  test('a submodule is a project of its own, and so is its worktree', () => {
    const folder = tempFolder()
    const library = makeRepository(folder, 'library')
    const repository = makeRepository(folder, 'acme')
    git(repository, 'submodule', 'add', '-q', library, 'vendor/lib')
    const worktree = join(folder, 'elsewhere')
    git(join(repository, 'vendor', 'lib'), 'worktree', 'add', '-q', worktree)

    expect(projectOfFolder(join(repository, 'vendor', 'lib'))).toBe('lib')
    expect(projectOfFolder(worktree)).toBe('lib')
  })

  test.each([
    ['acme.git', 'acme'],
    ['acme/.bare', 'acme'],
  ])('worktrees of the bare repository %s', (bare, name) => {
    const folder = tempFolder()
    const source = makeRepository(folder, 'source')
    git(folder, 'clone', '-q', '--bare', source, bare)
    git(join(folder, bare), 'worktree', 'add', '-q', join(folder, 'wt'), '-b', 'topic')

    expect(projectOfFolder(join(folder, bare))).toBe(name)
    expect(projectOfFolder(join(folder, 'wt'))).toBe(name)
  })

  test('a repository with its git folder elsewhere is named after its folder', () => {
    const folder = tempFolder()
    git(folder, 'init', '-q', '--separate-git-dir', join(folder, 'store.git'), join(folder, 'acme'))

    expect(projectOfFolder(join(folder, 'acme'))).toBe('acme')
  })

  test('a repository that is the home folder does not own what lies below it', () => {
    const home = makeRepository(tempFolder(), 'dev')
    const folder = makeFolder(home, 'code', 'acme')

    expect(projectOfFolder(folder, {home})).toBe('acme')
    expect(projectOfFolder(home, {home})).toBe('home')
  })
})

describe('cloned from somewhere', () => {
  test.each([
    ['https://github.com/acme/webshop.git', 'webshop'],
    ['https://github.com/acme/webshop/', 'webshop'],
    ['https://token@host.example:8443/a/b/webshop.git?x#y', 'webshop'],
    ['git@github.com:acme/webshop.git', 'webshop'],
    ['github-work:webshop', 'webshop'],
    ['ssh://git@host:22/~/webshop', 'webshop'],
    ['/srv/gone/webshop.git', 'webshop'],
    ['../webshop', 'folder'],
    ['https://', 'folder'],
  ])('%s is one project in all its clones: %s', (url, name) => {
    const folder = makeRepository(tempFolder(), 'folder')
    git(folder, 'remote', 'add', 'upstream', 'https://github.com/other/name.git')
    git(folder, 'remote', 'add', 'origin', url)

    expect(projectOfFolder(folder)).toBe(name)
  })

  test('a clone of a folder on this machine is the same project, and so are its worktrees', () => {
    const folder = tempFolder()
    const original = makeRepository(folder, 'acme')
    const clone = join(folder, 'elsewhere')
    git(folder, 'clone', '-q', original, clone)
    const worktree = join(folder, 'login')
    git(clone, 'worktree', 'add', '-q', worktree)

    expect(projectOfFolder(clone)).toBe('acme')
    expect(projectOfFolder(worktree)).toBe('acme')
  })

  test('clones that name each other are left with their own names', () => {
    const folder = tempFolder()
    const one = makeRepository(folder, 'one')
    const two = makeRepository(folder, 'two')
    git(one, 'remote', 'add', 'origin', two)
    git(two, 'remote', 'add', 'origin', one)

    expect(['one', 'two']).toContain(projectOfFolder(one))
  })
})

describe('outside a repository', () => {
  test('a folder names itself, whether it is there or not', () => {
    const folder = makeFolder(tempFolder(), 'notes')

    expect(projectOfFolder(folder)).toBe('notes')
    expect(projectOfFolder(`${folder}/`)).toBe('notes')
    expect(projectOfFolder('/home/somebody/else/acme')).toBe('acme')
    expect(projectOfFolder('C:\\Users\\dev\\acme')).toBe('acme')
  })

  test.each([
    '/home/dev/acme/.claude/worktrees/login-form',
    '/home/dev/acme/.claude/worktrees/login-form/src/deep',
    '/home/dev/acme/.git/worktrees/login-form',
    '/home/dev/acme/.worktrees/login-form',
    'C:\\code\\acme\\.claude\\worktrees\\login-form',
  ])('%s, long gone, belongs to acme', (folder) => {
    expect(projectOfFolder(folder)).toBe('acme')
  })

  test('places that belong to no project have a name that can be read', () => {
    const home = tempFolder()

    expect(projectOfFolder(home, {home})).toBe('home')
    expect(projectOfFolder('/')).toBe('root')
  })

  test('what is no folder has no project', () => {
    expect(projectOfFolder('')).toBeUndefined()
    expect(projectOfFolder('relative/folder')).toBeUndefined()
    expect(projectOfFolder('/a\0b')).toBeUndefined()
  })

  test('the home folder is known behind a link', () => {
    const folder = tempFolder()
    const real = makeFolder(folder, 'real')
    symlinkSync(real, join(folder, 'link'))

    expect(projectOfFolder(real, {home: join(folder, 'link')})).toBe('home')
  })

  test('an empty .git folder or a broken .git file is no repository', () => {
    const folder = tempFolder()
    const empty = makeFolder(folder, 'empty')
    makeFolder(empty, '.git')
    const broken = makeFolder(folder, 'broken')
    writeFileSync(join(broken, '.git'), 'nothing that git wrote')

    expect(projectOfFolder(empty)).toBe('empty')
    expect(projectOfFolder(broken)).toBe('broken')
  })

  test('a folder that was renamed keeps its worktrees together under the new name', () => {
    const folder = tempFolder()
    renameSync(makeRepository(folder, 'acme'), join(folder, 'acme2'))

    expect(projectOfFolder(join(folder, 'acme2'))).toBe('acme2')
  })
})
