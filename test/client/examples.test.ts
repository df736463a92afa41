import {execFile} from 'node:child_process'
import {copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {clientExports, writeClientFiles} from '../../scripts/build/client-package.ts'
import {
  type Answer,
  type ApiRequest,
  lastWords,
  type StandInApi,
  startStandInApi,
} from '../external/claude/stand-in-api.ts'
import {type ServerProcess, startServerProcess} from '../helpers/server-process.ts'
import {ROOT} from '../repo/source-files.ts'

const TOKEN = 'example-token'
const EXAMPLES = ['messages-api/research-agent.ts', 'messages-api/tool-loop.ts', 'curl/agent.sh']

/** A folder as the examples ask for: with them, the client and the official SDK. */
let project: string
let server: ServerProcess
let api: StandInApi

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'bmfote-test-'))
  const client = join(project, 'node_modules', 'bmfote-client')
  writeClientFiles(client)
  const manifest = {name: 'bmfote-client', type: 'module', exports: {'.': clientExports('')}}
  writeFileSync(join(client, 'package.json'), JSON.stringify(manifest))
  for (const name of ['@anthropic-ai', '@types']) {
    mkdirSync(join(project, 'node_modules', name), {recursive: true})
  }
  for (const name of ['@anthropic-ai/sdk', '@types/node', 'undici-types']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name))
  }
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  for (const name of EXAMPLES)
    copyFileSync(join(ROOT, 'examples', name), join(project, name.replace(/^.*\//, '')))
  server = await startServerProcess({home: join(project, 'server'), env: {API_TOKEN: TOKEN}})
  api = await startStandInApi(answer)
}, 120_000)

afterAll(async () => {
  await api?.close()
  await server?.kill()
  rmSync(project, {recursive: true, force: true})
})

/** In the model's place: it knows what stands before it, and asks the memory when it has been given the tools. */
function answer(request: ApiRequest): Answer {
  const words = lastWords(request)
  const known = /Globex charges [\w ]+ a seat/.exec(
    `${request.system} ${JSON.stringify(request.messages)}`.replace(/[<>]{3}/g, ''),
  )?.[0]
  if (words.includes('Find out')) return say('I looked it up: Globex charges 40 euros a seat.')
  if (request.tools && !words.includes('tool_result')) {
    return {
      blocks: [
        {type: 'text', text: 'I will look.'},
        {type: 'tool_use', name: 'search_memory', input: {query: 'Globex'}},
      ],
    }
  }
  return say(known ? `As we found: ${known}.` : 'I know nothing of it.')
}

function say(text: string): Answer {
  return {blocks: [{type: 'text', text}]}
}

test('a research agent knows on day 2 what it found on day 1, and the tool loop finds it too', async () => {
  expect(await node('research-agent.ts', 'Continue from where we left off.')).toBe('I know nothing of it.\n')
  expect(await node('research-agent.ts', 'Find out what our competitors charge a seat.')).toContain(
    '40 euros',
  )

  expect(await node('research-agent.ts', 'Continue from where we left off.')).toBe(
    'As we found: Globex charges 40 euros a seat.\n',
  )
  expect(await node('tool-loop.ts', 'What does the competition charge?')).toBe(
    'As we found: Globex charges 40 euros a seat.\n',
  )
  expect(await said('sales-agent')).toEqual([
    'user: What does the competition charge?',
    'assistant: I will look.',
    'assistant: search_memory: Globex',
    'assistant: As we found: Globex charges 40 euros a seat.',
  ])
})

test('without a server the agent runs all the same', async () => {
  const stdout = await node('research-agent.ts', 'Find out what our competitors charge.', {
    BMFOTE_URL: 'http://127.0.0.1:9',
  })

  expect(stdout).toContain('40 euros')
})

test('curl alone can do it', async () => {
  const {stdout} = await run('sh', ['agent.sh'])
  const [before = '', after = ''] = stdout.split('What is known now:')

  expect(before).toContain('"status":"ok"')
  expect(after).toContain('assistant (curl): Globex charges 40 euros a seat.')
})

test('the examples are of the right types', async () => {
  const options = [
    '--ignoreConfig',
    '--strict',
    '--noEmit',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ]
  const programs = EXAMPLES.filter((name) => name.endsWith('.ts')).map((name) => name.replace(/^.*\//, ''))

  await run(join(ROOT, 'node_modules', '.bin', 'tsc'), [...options, '--types', 'node', ...programs])
})

async function said(name: string): Promise<string[]> {
  const response = await fetch(`${server.url}/api/project/${name}`, {
    headers: {authorization: `Bearer ${TOKEN}`},
  })
  const messages = (await response.json()) as {role: string; content: string}[]
  return messages.reverse().map(({role, content}) => `${role}: ${content}`)
}

async function node(file: string, prompt: string, env: Record<string, string> = {}): Promise<string> {
  return (await run(process.execPath, [file, prompt], env)).stdout
}

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<{stdout: string}> {
  return promisify(execFile)(command, args, {
    cwd: project,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: project,
      BMFOTE_URL: server.url,
      BMFOTE_TOKEN: TOKEN,
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: 'sk-ant-test-000',
      ...env,
    },
  })
}
