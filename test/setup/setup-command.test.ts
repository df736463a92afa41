import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {openRemoteMemory} from '../../src/lib/memory/remote-memory.ts'
import {OWNER} from '../helpers/callers.ts'
import {ClaudeSession} from '../helpers/claude-session.ts'
import {readJson, runBinary} from '../helpers/run-binary.ts'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {writeText} from '../helpers/setup-context.ts'
import {snapshotTree} from '../helpers/snapshot-tree.ts'
import {createTempHome, type TempHome, tempHome} from '../helpers/temp-home.ts'

const TOKEN = 'a-long-random-token'
const SETTINGS = '{\n  "model": "opus"\n}\n'

let server: ServerProcess
let serverHome: TempHome
let home: TempHome

beforeAll(async () => {
  serverHome = createTempHome()
  server = await startServerProcess({home: serverHome.bmfote, env: {API_TOKEN: TOKEN}})
})
afterAll(async () => {
  await server.stop()
  serverHome.remove()
})

/** Somebody who works with Claude Code, and has a name. */
beforeEach(() => {
  home = tempHome()
  writeText(join(home.path, '.gitconfig'), '[user]\n\tname = Ana Lima\n')
  writeText(join(home.path, '.claude/settings.json'), SETTINGS)
})

const setup = (args: string[] = [], options: {env?: Record<string, string>; stdin?: string} = {}) =>
  runBinary(['setup', ...args], {home, ...options})
const seedLine = () => setup(['--url', server.url, '--token', TOKEN])
const read = (path: string) => readFileSync(join(home.path, path), 'utf8')
/** What programs leave for themselves in TMPDIR is nobody's. */
const tree = () =>
  Object.fromEntries(Object.entries(snapshotTree(home.path)).filter(([path]) => !path.startsWith('tmp')))

describe('the seed’s line', () => {
  test('sets up Claude Code without a question, and removing leaves everything as it was', async () => {
    const before = tree()

    const {exitCode, stdout, stderr} = await seedLine()

    expect(exitCode).toBe(0)
    expect(stdout).toContain(`for Claude Code, with the memory at ${server.url} (0 messages)`)
    expect(stdout).toContain('~ ~/.claude/settings.json')
    expect(stderr).toContain('Restart Claude Code.')
    expect(stdout + stderr).not.toContain(TOKEN)
    expect(read('.claude/bmfote.env')).toBe(
      `BMFOTE_URL=${server.url}\nBMFOTE_TOKEN=${TOKEN}\nBMFOTE_AUTHOR='Ana Lima'\n`,
    )
    expect(JSON.parse(read('.claude.json')).mcpServers['bmfote-memory']).toEqual({
      type: 'http',
      url: `${server.url}/mcp`,
      headers: {
        Authorization: `Bearer ${TOKEN}`,
        'X-Bmfote-Source': 'claude-code',
        'X-Bmfote-Author': 'Ana%20Lima',
      },
    })
    expect(statSync(join(home.path, '.claude.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(home.path, '.claude/bmfote.env')).mode & 0o777).toBe(0o600)

    expect(await setup(['remove'])).toMatchObject({exitCode: 0})
    expect(tree()).toEqual(before)
  })

  test('said again changes nothing, and so does setup by itself', async () => {
    await seedLine()
    const once = tree()

    const again = await seedLine()
    const alone = await setup()

    expect([again.exitCode, alone.exitCode]).toEqual([0, 0])
    expect(again.stdout).toBe('Everything is set up already: there is nothing to change.\n')
    expect(alone.stdout).toBe(again.stdout)
    expect(tree()).toEqual(once)
  })

  test('--dry-run and --json describe every change, hide the token, and do nothing', async () => {
    const before = tree()

    const result = await setup(['--url', server.url, '--token', TOKEN, '--dry-run', '--json'])

    const body = readJson(result) as {
      applied: boolean
      changes: {path: string; before: string; after: string}[]
    }
    expect(body.applied).toBe(false)
    expect(result.stderr).toBe('')
    expect(result.stdout).not.toContain(TOKEN)
    const settings = body.changes.find(({path}) => path.endsWith('settings.json'))
    expect(settings?.before).toBe('  "model": "opus"')
    expect(settings?.after).toContain('bmfote-session-start.sh')
    const env = body.changes.find(({path}) => path.endsWith('bmfote.env'))
    expect(env).toMatchObject({before: '', after: expect.stringContaining('BMFOTE_TOKEN=(token)')})
    expect(tree()).toEqual(before)
  })
})

describe('where the token comes from', () => {
  test.each([
    ['standard input', {args: ['--token-stdin'], stdin: `${TOKEN}\n`, env: {}}],
    ['the environment', {args: [], stdin: '', env: {BMFOTE_TOKEN: TOKEN}}],
  ])('%s', async (_name, {args, stdin, env}) => {
    const {exitCode} = await setup(['--url', server.url, ...args], {stdin, env})

    expect(exitCode).toBe(0)
    expect(read('.claude/bmfote.env')).toContain(`BMFOTE_TOKEN=${TOKEN}\n`)
  })
})

describe('what is wrong is a sentence, and nothing is touched', () => {
  const wrong = async (args: string[], env: Record<string, string> = {}) => {
    const before = tree()
    const {exitCode, stdout, stderr} = await setup(args, {env})
    expect(tree()).toEqual(before)
    expect(stdout).toBe('')
    return {exitCode, stderr}
  }

  test('the token', async () => {
    expect(await wrong(['--url', server.url, '--token', 'wrong'])).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/answers, but does not take this token\.\n→ The address is right/),
    })
  })

  test('the address', async () => {
    expect(await wrong(['--url', 'http://127.0.0.1:1', '--token', TOKEN])).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining("http://127.0.0.1:1 can't be reached: nothing listens there."),
    })
  })

  test('a proxy’s login page', async () => {
    const proxy = createServer((_request, response) => response.end('<html><title>Sign in</title>'))
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`

    expect(await wrong(['--url', url, '--token', TOKEN])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`What answers at ${url} is not bmfote (it is a web page, "Sign in").`),
    })
  })

  test('a stale BMFOTE_URL in the shell', async () => {
    expect(await wrong([], {BMFOTE_URL: 'http://127.0.0.1:1'})).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('The address is from BMFOTE_URL in this shell; --url says another.'),
    })
  })

  test('settings that are no JSON', async () => {
    writeText(join(home.path, '.claude/settings.json'), '{\n  "model": "opus",\n}\n')

    expect(await wrong(['--url', server.url, '--token', TOKEN])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /settings\.json can't be edited: line 3, column 1: .*\n→ Nothing was changed/,
      ),
    })
  })

  test.each([
    [['setup', 'stauts'], 'did you mean: bmfote setup status'],
    [['setup', 'claude'], 'did you mean: bmfote setup claude-code'],
    [['setup', 'remvoe'], 'did you mean: bmfote setup remove'],
    [['setup', 'emacs'], 'bmfote help setup'],
    [['setup', '--rules'], 'bmfote setup cursor --rules'],
    [['setup', '--token', 'x'], 'Give its address too'],
    [['setup', '--url', 'http://127.0.0.1:1', '--token-stdin'], '--token-stdin'],
    [['setup', '--url', 'not an address'], 'It looks like https://memory.example.com'],
  ])('%j', async (args, next) => {
    const before = tree()

    const {exitCode, stderr} = await runBinary(args, {home})

    expect(exitCode).toBe(2)
    expect(stderr).toContain(next)
    expect(tree()).toEqual(before)
  })
})

describe('what the person should know', () => {
  const noted = async (args: string[], env: Record<string, string> = {}) => {
    const {exitCode, stdout} = await setup(args, {env})
    expect(exitCode).toBe(0)
    return stdout
  }

  test('a slash, and a scheme that is missing', async () => {
    expect(await noted(['--url', `${server.url}/`, '--token', TOKEN])).toContain('Note: The slash at the end')
    const host = server.url.replace('http://', '')
    expect(await noted(['--url', host, '--token', TOKEN, '--author', 'x'])).toContain(
      `Note: ${host} has no scheme: taken as ${server.url}.`,
    )
  })

  test('an address in the shell that wins over this one', async () => {
    const stale = {BMFOTE_URL: 'http://127.0.0.1:1'}

    expect(await noted(['--url', server.url, '--token', TOKEN], stale)).toContain(
      'Note: BMFOTE_URL is http://127.0.0.1:1 in this shell, and wins over what is set up here',
    )
  })

  test('Claude Code, which is not there', async () => {
    rmSync(join(home.path, '.claude'), {recursive: true})

    expect(await noted(['--url', server.url, '--token', TOKEN])).toContain(
      'Claude Code is not found on this machine.',
    )
  })

  test('comments in its settings', async () => {
    writeText(join(home.path, '.claude/settings.json'), '{\n  // mine\n  "model": "opus"\n}\n')

    expect(await noted(['--local'])).toMatch(/settings\.json has comments \(the first in line 2\).*-p/)
    expect(read('.claude/settings.json')).toContain('// mine\n  "model": "opus",\n')
  })

  test('other tools that are there', async () => {
    mkdirSync(join(home.path, '.cursor'))

    expect(await noted(['--url', server.url, '--token', TOKEN])).toContain(
      'Cursor is here too: bmfote setup cursor',
    )
    expect(existsSync(join(home.path, '.cursor/mcp.json'))).toBe(false)
  })

  test('history that could come in, and does when that is said', async () => {
    const session = new ClaudeSession({claude: join(home.path, '.claude'), bmfote: home.bmfote})
    session.prompt('What was the ICP?')
    session.answer('Small law firms.')

    const {stderr} = await setup(['--local'])
    expect(stderr).toContain(
      "Claude Code's history (1 session, deleted after 30 days) comes in with: bmfote import claude-code",
    )
    await setup(['--local', '--author', 'x', '--import'])

    expect((await runBinary(['search', 'firms'], {home})).stdout).toContain('Small law >>>firms<<<.')
  })
})

describe('one laptop, no server', () => {
  test('setup by itself records into the local file, and takes every tool that is there', async () => {
    mkdirSync(join(home.path, '.cursor'))

    const {exitCode, stdout} = await setup()

    expect(exitCode).toBe(0)
    expect(stdout).toContain('for Claude Code, Cursor, with the memory in the local file')
    expect(read('.claude/bmfote.env')).toBe("BMFOTE_AUTHOR='Ana Lima'\n")
    expect(JSON.parse(read('.claude.json')).mcpServers['bmfote-memory']).toEqual({
      type: 'stdio',
      command: join(home.bmfote, 'bin/bmfote'),
      args: ['mcp', '--source', 'claude-code'],
    })
  })

  test('and back to it from a server', async () => {
    await seedLine()

    expect(await setup(['--local'])).toMatchObject({exitCode: 0})

    expect(read('.claude/bmfote.env')).toBe("BMFOTE_AUTHOR='Ana Lima'\n")
    expect(read('.claude.json')).not.toContain(TOKEN)
  })
})

describe('other places than the usual ones', () => {
  test('are found by hooks and tools that start without the variables', async () => {
    const env = {
      BMFOTE_HOME: join(home.path, 'memory of mine'),
      CLAUDE_CONFIG_DIR: join(home.path, 'claude work'),
    }
    mkdirSync(env.CLAUDE_CONFIG_DIR)
    const before = tree()

    await setup([], {env})

    const settings = JSON.parse(read('claude work/settings.json'))
    expect(settings.hooks.Stop[0].hooks[0].command).toBe(`'${home.path}/claude work/hooks/bmfote-stop.sh'`)
    expect(read('claude work/hooks/bmfote-stop.sh')).toContain(
      `BMFOTE_HOME=\${BMFOTE_HOME:-'${env.BMFOTE_HOME}'}`,
    )
    expect(JSON.parse(read('claude work/.claude.json')).mcpServers['bmfote-memory'].env).toEqual(env)
    expect(read('.claude/settings.json')).toBe(SETTINGS)

    await setup(['remove', '--purge', '--yes'], {env})
    expect(tree()).toEqual(before)
  })

  test('two of them are removed together', async () => {
    const env = {CLAUDE_CONFIG_DIR: join(home.path, '.claude-work')}
    const before = tree()
    await setup(['--local'])
    await setup(['claude-code', '--local'], {env})
    expect(existsSync(join(home.path, '.claude-work/settings.json'))).toBe(true)

    await setup(['remove'])

    expect(tree()).toEqual(before)
  })
})

describe('status and doctor', () => {
  test('say what is set up where, and that it works', async () => {
    await seedLine()

    const status = await setup(['status', '--json'])
    const doctor = await runBinary(['doctor'], {home})

    expect(readJson(status)).toMatchObject({
      program: {state: 'current', path: join(home.bmfote, 'bin/bmfote')},
      memory: {is_well: true},
      waiting: {events: 0},
      tools: [
        {name: 'claude-code', state: 'working', problems: []},
        {name: 'cursor', state: 'not set up'},
        {name: 'windsurf', state: 'not set up'},
      ],
    })
    expect(doctor).toMatchObject({exitCode: 0, stderr: ''})
    expect(doctor.stdout).toContain(`${server.url} answers`)
    expect(doctor.stdout).toContain('bmfote-memory answers over HTTP with 5 tools.')
    expect(doctor.stdout).not.toContain(TOKEN)
  })

  test('find what is broken, and mend it', async () => {
    await seedLine()
    const whole = tree()
    rmSync(join(home.path, '.claude/hooks/bmfote-stop.sh'))
    chmodSync(join(home.path, '.claude/hooks/bmfote-session-end.sh'), 0o644)
    chmodSync(join(home.path, '.claude/bmfote.env'), 0o644)
    writeFileSync(join(home.path, '.claude/settings.json'), SETTINGS)
    rmSync(join(home.bmfote, 'bin/bmfote'))

    const status = await setup(['status'])
    const found = await runBinary(['doctor'], {home})
    const mended = await runBinary(['doctor', '--fix'], {home})

    expect(status.stdout).toMatch(/Claude Code {2}broken/)
    expect(found.exitCode).toBe(1)
    for (const part of [
      'bin/bmfote, which hooks start, is not there or does not run',
      'bmfote-stop.sh (the hook of Stop) is not there',
      'bmfote-session-end.sh (the hook of SessionEnd) is not as setup leaves it: ~ it may be run.',
      'bmfote.env (where the memory is, and as whom you speak) is not as setup leaves it: ~ only you may read it.',
      'settings.json (the hooks',
      '→ bmfote setup claude-code',
    ]) {
      expect(found.stdout).toContain(part)
    }
    expect(mended).toMatchObject({exitCode: 0, stderr: expect.stringContaining('Mended: ')})
    expect(Object.keys(tree())).toEqual(Object.keys(whole))
    expect(read('.claude/settings.json')).toContain('bmfote-stop.sh')
  })

  test('tell a server that is down, and a program that is old', async () => {
    await seedLine()
    const env = {BMFOTE_URL: 'http://127.0.0.1:1'}
    writeText(join(home.bmfote, 'bin/bmfote'), '#!/bin/sh\necho \'{"version": "0.0.1"}\'\n', 0o755)

    const {exitCode, stdout} = await runBinary(['doctor'], {home, env})

    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/wrong +server +The server at http:\/\/127\.0\.0\.1:1 can't be reached/)
    expect(stdout).toMatch(/look +program .*bin\/bmfote, which hooks start, is 0\.0\.1, and this one is/)
    expect(stdout).toContain('BMFOTE_URL is http://127.0.0.1:1 in this shell')
  })

  test('get along with a bmfote.env that says half of it', async () => {
    await setup(['--local'])
    writeText(join(home.path, '.claude/bmfote.env'), 'BMFOTE_TOKEN=left-over\n', 0o600)

    const {exitCode, stdout} = await runBinary(['doctor'], {home})

    expect(exitCode).toBe(1)
    expect(stdout).toContain(
      'bmfote.env (where the memory is, and as whom you speak) is not as setup leaves it',
    )
  })

  test('on a machine with nothing set up, say that', async () => {
    expect((await runBinary(['doctor'], {home})).stdout).toContain('No AI tool is set up here.')
    expect((await setup(['remove'])).stdout).toBe('Nothing is set up here.\n')
  })

  test('tell hooks that do not fire', async () => {
    await seedLine()
    const session = new ClaudeSession({claude: join(home.path, '.claude'), bmfote: home.bmfote})
    session.prompt('Hello?')
    const {installations, ...manifest} = JSON.parse(read('.bmfote/setup.json'))
    const yesterday = new Date(Date.now() - 86_400_000).toISOString()
    const aged = {...manifest, installations: [{...installations[0], at: yesterday}]}
    writeFileSync(join(home.bmfote, 'setup.json'), JSON.stringify(aged))

    const {exitCode, stdout} = await runBinary(['doctor'], {home})

    expect(exitCode).toBe(1)
    expect(stdout).toMatch(
      /wrong +hooks +Claude Code has worked .*, and no hook has fired since it was set up/,
    )
  })
})

describe('removing', () => {
  test('delivers what was recorded and not sent', async () => {
    await seedLine()
    const session = new ClaudeSession({claude: join(home.path, '.claude'), bmfote: home.bmfote})
    session.prompt('The launch is on the 4th of May')
    session.answer('Noted.')
    session.hook('Stop')
    expect(readdirSync(join(home.bmfote, 'spool'))).toHaveLength(1)

    const {exitCode, stderr} = await setup(['remove'])

    expect(exitCode).toBe(0)
    expect(stderr).toContain('Delivered before: 2 messages.')
    const memory = openRemoteMemory({url: server.url, token: TOKEN})
    expect(await memory.listRecent(OWNER, {sessionId: session.id})).toHaveLength(2)
    expect(existsSync(home.bmfote)).toBe(false)
  })

  test('keeps what can’t be delivered, and does not wait for long', async () => {
    await seedLine()
    const session = new ClaudeSession({claude: join(home.path, '.claude'), bmfote: home.bmfote})
    session.prompt('The launch is on the 4th of May')
    session.hook('Stop')

    const {stderr} = await setup(['remove'], {env: {BMFOTE_URL: 'http://127.0.0.1:1'}})

    expect(stderr).toContain('1 event could not be delivered, and stay')
    expect(readdirSync(join(home.bmfote, 'spool'))).toHaveLength(1)
  })

  test('one tool leaves the others', async () => {
    mkdirSync(join(home.path, '.cursor'))
    await setup()

    await setup(['remove', 'claude-code'])

    expect(read('.claude/settings.json')).toBe(SETTINGS)
    expect(JSON.parse(read('.cursor/mcp.json')).mcpServers['bmfote-memory'].command).toBe(
      join(home.bmfote, 'bin/bmfote'),
    )
    expect(existsSync(join(home.bmfote, 'bin/bmfote'))).toBe(true)
    expect(existsSync(join(home.path, '.claude/bmfote.env'))).toBe(true)
  })

  test('keeps the memory, unless it is said that it goes too, twice', async () => {
    await setup(['--local'])
    await runBinary(['remember', 'We ship on Tuesdays'], {home})
    await setup(['remove'])
    expect(existsSync(join(home.bmfote, 'memory.db'))).toBe(true)

    const refused = await setup(['remove', '--purge'])
    expect(refused).toMatchObject({exitCode: 2, stderr: expect.stringContaining('say --yes')})
    expect(existsSync(join(home.bmfote, 'memory.db'))).toBe(true)
    await setup(['remove', '--purge', '--yes'])

    expect(existsSync(home.bmfote)).toBe(false)
  })

  test('takes out an older release that left no note', async () => {
    const older = join(home.path, '.claude/hooks/bmfote-post-compaction-context.sh')
    writeText(older, '#!/bin/bash\nsource ~/.claude/bmfote.env\n', 0o755)
    writeText(join(home.path, '.claude/bmfote.env'), 'BMFOTE_URL=https://old\nBMFOTE_TOKEN=x\n', 0o600)
    const entry = {hooks: [{type: 'command', command: older}]}
    writeText(
      join(home.path, '.claude/settings.json'),
      JSON.stringify({model: 'opus', hooks: {Stop: [entry]}}),
    )

    await setup(['remove'])

    expect(JSON.parse(read('.claude/settings.json'))).toEqual({model: 'opus'})
    expect(existsSync(older)).toBe(false)
    expect(existsSync(join(home.path, '.claude/bmfote.env'))).toBe(false)
  })
})
