import {type ChildProcess, execFile, execFileSync} from 'node:child_process'
import {cpSync, existsSync, readFileSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {ClaudeSession} from '../helpers/claude-session.ts'
import {DIST, startBinary} from '../helpers/run-binary.ts'
import {createTempHome, type TempHome} from '../helpers/temp-home.ts'
import {ROOT, readRepositoryFile} from './source-files.ts'

const DOCUMENTS = ['README.md', 'docs/import.md', 'docs/rest.md', 'docs/search.md']
const DOCUMENTED_ADDRESS = 'http://127.0.0.1:8026'

interface Snippet {
  /** The first line, to tell it by. */
  name: string
  text: string
  notRun: boolean
}

/** The commands of a document; `<!-- not run: reason -->` above a block keeps it out. */
function snippetsOf(markdown: string): Snippet[] {
  return [...markdown.matchAll(/(<!-- not run: .+ -->\n)?```sh\n([\s\S]*?)```/g)].map(
    ([, mark, text = '']) => ({
      name: text.split('\n')[0] ?? '',
      text,
      notRun: mark !== undefined,
    }),
  )
}

describe.each(DOCUMENTS)('what %s says to type works as it is written', (document) => {
  const snippets = snippetsOf(readRepositoryFile(document)).filter(({notRun}) => !notRun)
  let home: TempHome
  let server: ChildProcess
  let address: string

  // A home with some history of Claude Code's, a folder that looks like the clone, and a server as `npm start` makes it.
  beforeAll(async () => {
    home = createTempHome()
    cpSync(join(ROOT, 'test/fixtures/claude-code/tools'), join(home.path, '.claude/projects'), {
      recursive: true,
    })
    const session = new ClaudeSession({claude: join(home.path, '.claude'), bmfote: home.bmfote})
    session.prompt('When is the release? Did we decide?')
    session.answer('We decided that the release goes out on Tuesdays.')
    symlinkSync(DIST, join(home.path, 'dist'))
    for (const args of [
      ['init', '-q'],
      [...AS_SOMEBODY, 'commit', '-q', '--allow-empty', '-m', 'First'],
    ]) {
      execFileSync('git', args, {cwd: home.path, env: home.env})
    }
    server = startBinary(['server', 'start', '--port', '0'], {home})
    address = await addressOf(server, join(home.bmfote, 'run/server.json'))
  })

  afterAll(async () => {
    const ended = new Promise((done) => server.once('exit', done))
    server.kill('SIGTERM')
    await ended
    home.remove()
  })

  test.each(snippets)('$name', async ({text}) => {
    const result = await runShell(text.replaceAll(DOCUMENTED_ADDRESS, address), home)

    expect(result).toMatchObject({code: 0})
    expect(result.stdout).not.toMatch(/"error":/)
    expect(result.stdout + result.stderr).not.toBe('')
    if (document === 'README.md' && text.includes('search what')) expect(result.stdout).toContain('Tuesdays')
  })
})

test('there is something to run, and what is not run says why', () => {
  const all = DOCUMENTS.flatMap((path) => snippetsOf(readRepositoryFile(path)))

  expect(all.filter(({notRun}) => !notRun).length).toBeGreaterThan(7)
  expect(all.filter(({notRun, text}) => notRun && text.includes('./dist/bmfote search'))).toEqual([])
})

const AS_SOMEBODY = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com']

async function addressOf(server: ChildProcess, stateFile: string): Promise<string> {
  while (!existsSync(stateFile)) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    await sleep(20)
  }
  return JSON.parse(readFileSync(stateFile, 'utf8')).url
}

function runShell(script: string, home: TempHome): Promise<{code: number; stdout: string; stderr: string}> {
  return new Promise((done) => {
    const child = execFile(
      'sh',
      ['-e', '-c', script],
      {cwd: home.path, env: home.env},
      (error, stdout, stderr) => {
        done({code: error ? Number(error.code ?? 1) : 0, stdout, stderr})
      },
    )
    child.stdin?.end()
  })
}
