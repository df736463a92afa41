import {execFile} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import packageJson from '../../package.json' with {type: 'json'}
import {openRemoteMemory} from '../../src/lib/memory/remote-memory.ts'
import {OWNER} from '../helpers/callers.ts'
import {ClaudeSession} from '../helpers/claude-session.ts'
import {runHookScript, spoolDelivered} from '../helpers/hook-scripts.ts'
import {startServerProcess} from '../helpers/server-process.ts'
import {createTempHome} from '../helpers/temp-home.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const RELEASE = join(ROOT, 'dist', 'npm')
const {version} = packageJson
const home = createTempHome()
/** Installing what weighs 100 MB, on a busy machine. */
const TIMEOUT_MS = 180_000

// Not by `npm run`, which would first bring node_modules up to date, under the tests that run beside this one.
beforeAll(
  () => run(join(ROOT, 'node_modules', '.bin', 'bun'), ['scripts/release.ts', 'linux-x64'], {cwd: ROOT}),
  TIMEOUT_MS,
)
afterAll(() => home.remove())

describe('the packages of a release', () => {
  test('the launcher names exactly the programs of its own version, and nothing else', () => {
    const manifest = JSON.parse(readFileSync(join(RELEASE, 'bmfote', 'package.json'), 'utf8'))

    expect(manifest.optionalDependencies).toEqual({'@bmfote/linux-x64': version})
    expect(manifest).toMatchObject({name: 'bmfote', version, license: packageJson.license})
    expect(manifest.repository).toEqual(packageJson.repository)
    expect(Object.keys(manifest)).not.toContain('dependencies')
    expect(Object.keys(manifest)).not.toContain('private')
    expect(Object.keys(manifest.exports)).toEqual(['./client'])
  })

  test('a platform package holds the program and its licence', () => {
    const folder = join(RELEASE, 'linux-x64')

    expect(readdirSync(folder).sort()).toEqual(['LICENSE', 'bmfote', 'package.json'])
    expect(statSync(join(folder, 'bmfote')).mode & 0o111).toBe(0o111)
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      name: '@bmfote/linux-x64',
      version,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['glibc'],
    })
  })
})

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('installed without a network', () => {
  test(
    'in a project, with its install script: the commands are the program itself',
    async () => {
      const project = join(home.path, 'project')
      mkdirSync(project)
      await run('npm', ['install', '--offline', ...tarballs()], {cwd: project})

      expect(await run('npx', ['--offline', 'bmfote', '--version'], {cwd: project})).toBe(
        `bmfote ${version}\n`,
      )
      expect(await run('npx', ['--offline', 'bmfote-agent', '--help'], {cwd: project})).toContain(
        'bmfote agent COMMAND',
      )
      const asksForClient =
        "import('bmfote/client').then((client) => console.log(typeof client.recordExchange))"
      expect(await run(process.execPath, ['-e', asksForClient], {cwd: project})).toBe('function\n')
      const program = statSync(join(project, 'node_modules', '@bmfote', 'linux-x64', 'bmfote'))
      expect(statSync(join(project, 'node_modules', '.bin', 'bmfote')).ino).toBe(program.ino)
    },
    TIMEOUT_MS,
  )

  test(
    'for everybody, with no script allowed to run: the launchers find it',
    async () => {
      const prefix = join(home.path, 'prefix')
      const args = ['install', '--global', '--prefix', prefix, '--offline', '--ignore-scripts', ...tarballs()]
      await run('npm', args, {cwd: home.path})

      expect(await run(join(prefix, 'bin', 'bmfote'), ['--version'], {cwd: home.path})).toBe(
        `bmfote ${version}\n`,
      )
      expect(await run(join(prefix, 'bin', 'bmfote-agent'), ['--help'], {cwd: home.path})).toContain(
        'bmfote agent COMMAND',
      )
    },
    TIMEOUT_MS,
  )

  test(
    'npx sets up Claude Code, and its hooks do without what npx brought',
    async () => {
      const project = join(home.path, 'for-once')
      mkdirSync(project)
      await run('npm', ['install', '--offline', '--ignore-scripts', ...tarballs()], {cwd: project})
      const server = await startServerProcess({home: join(home.path, 'server'), env: {API_TOKEN: 'TOKEN'}})
      onTestFinished(server.kill)

      const seedLine = ['bmfote', 'setup', '--url', server.url, '--token', 'TOKEN']
      await run('npx', ['--offline', ...seedLine], {cwd: project})
      rmSync(project, {recursive: true})

      expect(await run(join(home.bmfote, 'bin', 'bmfote'), ['--version'], {cwd: home.path})).toBe(
        `bmfote ${version}\n`,
      )
      const session = new ClaudeSession({claude: join(home.path, '.claude'), bmfote: home.bmfote})
      session.prompt('We ship on Tuesdays')
      await runHookScript(session.event('Stop') as {hook_event_name: string}, {home})
      await spoolDelivered(home)
      const memory = openRemoteMemory({url: server.url, token: 'TOKEN'})
      expect(await memory.listRecent(OWNER, {sessionId: session.id})).toMatchObject([
        {content: 'We ship on Tuesdays', source: 'claude-code'},
      ])
    },
    TIMEOUT_MS,
  )
})

function tarballs(): string[] {
  return readdirSync(RELEASE)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(RELEASE, name))
}

async function run(command: string, args: string[], {cwd}: {cwd: string}): Promise<string> {
  const {stdout} = await promisify(execFile)(command, args, {cwd, env: home.env})
  return stdout
}
