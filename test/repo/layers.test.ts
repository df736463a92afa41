import {posix} from 'node:path'
import {describe, expect, test} from 'vitest'
import {scanImports} from './import-scanner.ts'
import {findViolations, PACKAGES, ROOMS} from './layer-rules.ts'
import {readProductFiles, readRepositoryFile, type SourceFile} from './source-files.ts'

const files = readProductFiles()

describe('layers', () => {
  test('the scanner reads the whole product', () => {
    const rooms = new Set(files.map(({path}) => path.split('/').slice(0, 3).join('/')))

    expect(files.length).toBeGreaterThan(60)
    expect(files.flatMap(({text}) => scanImports(text)).length).toBeGreaterThan(files.length)
    expect([...rooms]).toEqual(expect.arrayContaining(['src/lib/model', 'src/lib/storage', 'src/lib/memory']))
  })

  test('imports point down, outside packages stay where they live, only cli and ui print', () => {
    expect(findViolations(files)).toEqual([])
  })

  test('no rule is about something that is not there', () => {
    const packages = Object.keys(JSON.parse(readRepositoryFile('package.json')).devDependencies)

    const unknownPackages = Object.keys(PACKAGES).filter((name) => !packages.includes(name))
    const unknownRooms = Object.values(ROOMS)
      .flat()
      .filter((room) => !(room in ROOMS))

    expect({unknownPackages, unknownRooms}).toEqual({unknownPackages: [], unknownRooms: []})
  })
})

describe('what the rules catch', () => {
  const planted: [string, string, string][] = [
    ['src/lib/model/x.ts', "import {a} from '../storage/a.ts'", 'model must not know storage'],
    ['src/lib/server/x.ts', "import {a} from '../ui/a.tsx'", 'server must not know ui'],
    ['src/lib/capture/x.ts', "import {a} from '../storage/a.ts'", 'capture must not know storage'],
    ['src/commands/x.ts', "import {a} from '../lib/storage/a.ts'", 'commands must not know storage'],
    ['src/lib/client/x.ts', "import type {A} from '../model/a.ts'", 'client must not know model'],
    ['src/lib/client/x.ts', "import {readFile} from 'node:fs'", 'the client runs in browsers'],
    ['src/lib/memory/x.ts', "export * from '../server/a.ts'", 'memory must not know server'],
    ['src/lib/memory/x.ts', "const a = await import('../cli/a.ts')", 'memory must not know cli'],
    ['src/lib/memory/x.ts', "new Worker(new URL('../ui/a.ts', import.meta.url))", 'memory must not know ui'],
    [
      'src/lib/memory/x.ts',
      "import {\n  a,\n  b,\n} from '@libsql/client/sqlite3'",
      'lives in src/lib/storage/',
    ],
    [
      'src/lib/server/rest/x.ts',
      "import {a} from '@modelcontextprotocol/server'",
      'lives in src/lib/server/mcp/',
    ],
    ['src/lib/cli/x.ts', "import {render} from 'ink'", 'lives in src/lib/ui/'],
    ['src/lib/ui/x.ts', "import _ from 'lodash'", 'say in test/repo/layer-rules.ts where it lives'],
    ['src/lib/misc/x.ts', 'export {}', 'is in no room'],
    ['src/helpers.ts', 'export {}', 'is in no room'],
    ['src/lib/memory/x.ts', 'const home = process.env.HOME', 'reads the environment'],
    ['src/lib/storage/x.ts', "console.log('hello')", 'prints'],
    ['src/lib/server/x.ts', 'process.exit(1)', 'prints, exits'],
  ]

  test.each(planted)('%s with: %s', (path, text, expected) => {
    expect(findViolations([{path, text}]).join('\n')).toContain(expected)
  })

  test('comments and neighbours are no violation', () => {
    const text = "// import {a} from 'ink'\n/**\n * console.log(process.env)\n */\nimport {b} from './b.ts'"

    expect(findViolations([{path: 'src/lib/memory/x.ts', text}])).toEqual([])
  })
})

/** Outside packages that are loaded as soon as `entry` is, through whatever files in between. */
function loadedWith(entry: string, sources: readonly SourceFile[]): string[] {
  const byPath = new Map(sources.map((file) => [file.path, file.text]))
  const seen = new Set<string>()
  const packages = new Set<string>()
  const queue = [entry]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const text = byPath.get(path)
    if (text === undefined || seen.has(path)) continue
    seen.add(path)
    for (const {specifier, kind} of scanImports(text)) {
      if (kind !== 'static') continue
      if (specifier.startsWith('.')) queue.push(posix.join(posix.dirname(path), specifier))
      else packages.add(specifier)
    }
  }
  expect(seen.size, `${entry} was not found`).toBeGreaterThan(0)
  return [...packages].filter((name) => !name.startsWith('node:')).sort()
}

describe('what start-up loads', () => {
  test('the program itself and its hook path load no package at all before they know what to run', () => {
    expect(loadedWith('bin/run.ts', files)).toEqual([])
    expect(loadedWith('src/lib/cli/hook-path.ts', files)).toEqual([])
  })

  test('a package behind another file is found', () => {
    const sources = [
      {path: 'bin/run.ts', text: "import {a} from '../src/lib/cli/a.ts'"},
      {path: 'src/lib/cli/a.ts', text: "import {Command} from '@oclif/core'\nimport type {B} from 'ink'"},
    ]

    expect(loadedWith('bin/run.ts', sources)).toEqual(['@oclif/core'])
  })
})
