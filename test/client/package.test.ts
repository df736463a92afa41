import {execFile} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {builtinModules} from 'node:module'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {clientExports, writeClientFiles} from '../../scripts/build/client-package.ts'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {ROOT} from '../repo/source-files.ts'

const BIN = join(ROOT, 'node_modules', '.bin')
const TIMEOUT_MS = 120_000
/** What it may weigh in a page: a change that doubles it is to be noticed. */
const BROWSER_BYTES_MAX = 60_000

/** A program of somebody's, in a folder with nothing but the packed client. */
let project: string
let installed: string
let server: ServerProcess

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'bmfote-test-'))
  installed = join(project, 'node_modules', 'bmfote-client')
  const packed = join(project, 'packed')
  writeClientFiles(packed)
  const manifest = {
    name: 'bmfote-client',
    version: '1.0.0',
    type: 'module',
    exports: {'.': clientExports('')},
  }
  writeFileSync(join(packed, 'package.json'), JSON.stringify(manifest))
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], packed)
  rmSync(packed, {recursive: true})
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  const args = [
    'install',
    '--offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    './bmfote-client-1.0.0.tgz',
  ]
  await run('npm', args, project)
  server = await startServerProcess({home: join(project, 'server')})
}, TIMEOUT_MS)

afterAll(async () => {
  await server?.kill()
  rmSync(project, {recursive: true, force: true})
})

describe('the package', () => {
  test('is the client alone: MIT, no dependency, nothing of ours besides', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    const imports = filesOf(installed)
      .filter((file) => /\.(js|d\.ts)$/.test(file))
      .flatMap((file) => [...readFileSync(join(installed, file), 'utf8').matchAll(/from '([^']+)'/g)])
      .map(([, specifier = '']) => specifier)

    expect(manifest.dependencies).toBeUndefined()
    expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toContain('MIT License')
    expect(imports.length).toBeGreaterThan(50)
    expect(
      [
        ...new Set(
          imports.filter((specifier) => !specifier.startsWith('./') && !specifier.startsWith('../')),
        ),
      ].sort(),
    ).toEqual(['node:crypto', 'node:fs', 'node:os', 'node:path', 'node:timers/promises'])
    expect(imports.filter((specifier) => specifier.startsWith('.') && !specifier.endsWith('.js'))).toEqual([])
    expect(filesOf(installed).filter((file) => file.includes('test'))).toEqual([])
  })

  test('gives the same names with and without a file system', async () => {
    const program = `
      import * as node from 'bmfote-client'
      import * as web from './node_modules/bmfote-client/index.js'
      console.log(JSON.stringify([Object.keys(node).sort(), Object.keys(web).sort()]))`
    const [withFiles, without] = JSON.parse(await runProgram('node', program))

    expect(withFiles).toContain('recordExchange')
    expect(without).toEqual(withFiles)
  })

  test.each(['node', 'bun'])('works in plain %s, and is flushed when the program ends', async (runtime) => {
    const program = `
      import {Client, recordExchange} from 'bmfote-client'
      const client = new Client({workspace: 'w-${runtime}', logger: {warn: (text) => { throw new Error(text) }}})
      void recordExchange(client.session('acme'), 'Where is it?', 'The ${runtime} port is 4242.')`
    await runProgram(runtime, program, {BMFOTE_URL: server.url})
    const recent = await (await fetch(`${server.url}/api/recent?workspace_id=w-${runtime}`)).json()

    expect(recent).toMatchObject([{content: `The ${runtime} port is 4242.`}, {content: 'Where is it?'}])
  })

  test('takes its settings from ~/.claude/bmfote.env', async () => {
    mkdirSync(join(project, 'home', '.claude'), {recursive: true})
    const lines = [`BMFOTE_URL="${server.url}"`, 'BMFOTE_WORKSPACE=w-file # mine', 'export BMFOTE_AUTHOR=ana']
    writeFileSync(join(project, 'home', '.claude', 'bmfote.env'), lines.join('\n'))
    const program = `
      import {Client} from 'bmfote-client'
      const {url, workspace, author} = new Client()
      console.log(JSON.stringify({url, workspace, author}))`

    const settings = await runProgram('node', program)

    expect(JSON.parse(settings)).toEqual({url: server.url, workspace: 'w-file', author: 'ana'})
  })

  test.each(['browser', 'workerd'])('builds for a %s without anything of Node', async (condition) => {
    writeFileSync(join(project, 'page.js'), "export * from 'bmfote-client'\n")
    const args = [
      'build',
      'page.js',
      '--target',
      'browser',
      '--conditions',
      condition,
      '--minify',
      '--outfile',
      'page.min.js',
    ]
    await run(join(BIN, 'bun'), args, project)
    const built = readFileSync(join(project, 'page.min.js'), 'utf8')

    expect(built).not.toMatch(new RegExp(`from"(node:|(${builtinModules.join('|')})")`))
    expect(built).not.toContain('process.')
    expect(built.length).toBeLessThan(BROWSER_BYTES_MAX)
    expect(gzipSync(built).length).toBeLessThan(BROWSER_BYTES_MAX / 2.5)
  })

  test('runs where there is no file system and no process', async () => {
    const program = `
      import {Client} from './node_modules/bmfote-client/index.js'
      globalThis.process = undefined
      const client = new Client({url: '${server.url}', workspace: 'w-web'})
      await client.session('acme').recordUser('from a page')
      console.log(await client.flush())`
    expect(await runProgram('node', program)).toBe('0\n')
  })

  test(
    'has types that stand on their own',
    async () => {
      writeFileSync(
        join(project, 'typed.ts'),
        "import {Client} from 'bmfote-client'\nexport const hits = await new Client().search('x')\nexport const rank: number | undefined = hits[0]?.rank\n",
      )

      await typecheck(['typed.ts'], ['--lib', 'es2023,dom'])
    },
    TIMEOUT_MS,
  )

  test(
    'does what its README says: every example is of the right types',
    async () => {
      const readme = readFileSync(join(installed, 'README.md'), 'utf8')
      const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = '']) => text)
      const names = examples.map((text, index) => {
        writeFileSync(join(project, `example-${index}.ts`), `${text}\nexport {}\n`)
        return `example-${index}.ts`
      })
      mkdirSync(join(project, 'node_modules', '@anthropic-ai'), {recursive: true})
      for (const name of ['@anthropic-ai/sdk', '@types']) {
        symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name))
      }

      expect(names.length).toBeGreaterThan(4)
      await typecheck(names, ['--types', 'node', '--skipLibCheck'])
    },
    TIMEOUT_MS,
  )
})

function filesOf(folder: string): string[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
}

async function typecheck(files: string[], args: string[]): Promise<void> {
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022']
  await run(join(BIN, 'tsc'), ['--ignoreConfig', ...options, ...args, ...files], project)
}

async function runProgram(runtime: string, text: string, env: Record<string, string> = {}): Promise<string> {
  const file = join(project, `program-${crypto.randomUUID()}.mjs`)
  writeFileSync(file, text)
  return run(runtime === 'node' ? process.execPath : join(BIN, runtime), [file], project, env)
}

async function run(
  command: string,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> {
  const home = {
    PATH: process.env.PATH ?? '',
    HOME: join(project, 'home'),
    npm_config_cache: join(project, 'npm'),
  }
  try {
    const {stdout} = await promisify(execFile)(command, args, {
      cwd,
      env: {...home, ...env},
      timeout: TIMEOUT_MS,
    })
    return stdout
  } catch (error) {
    const {stdout, stderr} = error as {stdout?: string; stderr?: string}
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, {cause: error})
  }
}
