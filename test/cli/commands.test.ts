import {spawn} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, onTestFinished, test} from 'vitest'
import manifest from '../../src/lib/cli/command-manifest.generated.json' with {type: 'json'}
import {furnishForAgents} from '../helpers/example-agent.ts'
import {furnishForExamples} from '../helpers/example-home.ts'
import {runBinary} from '../helpers/run-binary.ts'
import {startServerProcess} from '../helpers/server-process.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

interface Described {
  id: string
  summary?: string
  description?: string
  examples?: (string | {command: string})[]
  hidden?: boolean
  args: Record<string, {name: string; required?: boolean; multiple?: boolean}>
  flags: Record<string, {name: string; char?: string; type: string; description?: string; summary?: string}>
}

const COMMANDS: Described[] = Object.values(manifest.commands)
/** These run until they are told to stop. */
const SERVERS = new Set(['server:start'])

test('the command tree is what people and scripts have learnt', async () => {
  await expect(`${COMMANDS.map(lineOf).join('\n')}\n`).toMatchFileSnapshot('commands.txt')
})

describe.each(COMMANDS.map((command) => ({command, name: command.id.replaceAll(':', ' ')})))(
  '$name',
  ({command, name}) => {
    test('says what it does, in lists and in its help', async () => {
      const {stdout, exitCode} = await runBinary(['help', ...name.split(' ')], {home: tempHome()})

      expect(command.summary).toMatch(/^[^A-Z].{10,70}[^.]$/)
      expect(command.description).toMatch(/^.{20,}/)
      expect(stdout.startsWith(`${command.summary}\n\nUSAGE\n  $ bmfote ${name}`)).toBe(true)
      expect(exitCode).toBe(0)
    })

    test('every flag says what it is for', () => {
      const mute = Object.values(command.flags).filter(({description, summary}) => !(summary ?? description))

      expect(mute.map((flag) => flag.name)).toEqual([])
    })

    test('its examples name it', () => {
      expect(examplesOf(command).length).toBeGreaterThan(0)
      for (const example of examplesOf(command)) expect(example).toContain(`bmfote ${name}`)
    })

    test.each(examplesOf(command))('$ %s', async (example) => {
      const home = tempHome()
      await furnishForExamples(home, [example])
      await prepare(example, home)
      const here = command.id.startsWith('agent:')
        ? await furnishForAgents(home, example)
        : await withServer(example)

      const result = await (SERVERS.has(command.id) ? startAndStop(here, home) : runExample(here, home))

      expect(result, result.stderr).toMatchObject({exitCode: 0})
    })
  },
)

function examplesOf({examples = []}: Described): string[] {
  return examples
    .map((example) => (typeof example === 'string' ? example : example.command))
    .map((example) =>
      example.replaceAll('<%= config.bin %>', 'bmfote').replaceAll('<%= command.id %>', 'bmfote'),
    )
}

/** What an example reads, an earlier one has written. */
async function prepare(example: string, home: TempHome): Promise<void> {
  if (/server (check|restore) .*memory-backup\.db/.test(example)) {
    await runExample('bmfote server backup memory-backup.db', home)
  }
  if (example.includes('backups/')) mkdirSync(join(home.path, 'backups'))
  if (example.includes('--env-file')) writeFileSync(join(home.path, '.env'), 'API_TOKEN=from-the-file\n')
  if (example === 'bmfote server status') onTestFinished((await startServerProcess({home: home.bmfote})).kill)
  if (example.includes('.jsonl')) {
    await runExample(
      'bmfote export --output memory.jsonl && gzip --stdout memory.jsonl > research.jsonl.gz',
      home,
    )
  }
}

const DOCUMENTED_SERVER = 'https://memory.example.com'

/** A server that the example names is there, and takes the token that the example gives. */
async function withServer(example: string): Promise<string> {
  if (!example.includes(DOCUMENTED_SERVER)) return example
  const server = await startServerProcess({home: tempHome().bmfote, env: {API_TOKEN: 'TOKEN'}})
  onTestFinished(server.kill)
  return example.replaceAll(DOCUMENTED_SERVER, server.url)
}

interface ExampleResult {
  exitCode: number | null
  stderr: string
}

function runExample(example: string, home: TempHome): Promise<ExampleResult> {
  return runBinary(['-c', example], {home, binary: '/bin/sh'})
}

/** Up, an answer, down again. Ports are the machine's to give: what an example names may be taken. */
async function startAndStop(example: string, home: TempHome): Promise<ExampleResult> {
  const port = await freePort()
  const script = `exec env ${example.replace(/--port \d+/, `--port ${port}`)}`
  const env = {...home.env, PORT: String(port)}
  const child = spawn('/bin/sh', ['-c', script], {cwd: home.path, env, stdio: ['ignore', 'ignore', 'pipe']})
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  await Promise.race([waitForHealth(port), ended])
  child.kill('SIGTERM')
  return {exitCode: await ended, stderr}
}

async function waitForHealth(port: number): Promise<void> {
  while (true) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    if (answer?.ok) return
    await wait(20)
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** `search QUERY... --limit/-n=value --json`, a hidden command with a mark before it. */
function lineOf({id, args, flags, hidden}: Described): string {
  const words = Object.values(args).map(({name, required, multiple}) => {
    const word = `${name.toUpperCase()}${multiple ? '...' : ''}`
    return required ? word : `[${word}]`
  })
  const options = Object.values(flags)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({name, char, type}) => `--${name}${char ? `/-${char}` : ''}${type === 'option' ? '=' : ''}`)
  return [hidden ? '(hidden)' : '', id.replaceAll(':', ' '), ...words, ...options].filter(Boolean).join(' ')
}
