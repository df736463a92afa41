import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {describe, expect, onTestFinished, test} from 'vitest'
import {runSource, startSource} from '../helpers/run-source.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

interface StartedServer {
  url: string
  printed: string[]
  /** Ends it as a person or a supervisor would, and gives the exit code. */
  stop(signal: NodeJS.Signals): Promise<number | null>
}

async function startServer(
  home: TempHome,
  env: Record<string, string> = {},
  args: string[] = [],
): Promise<StartedServer> {
  const child = startSource(['server', 'start', '--port', '0', ...args], {home, env})
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const printed: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      printed.push(line)
      const found = /listens on (http:\S+)/.exec(printed.join('\n'))?.[1]
      if (found && line.startsWith('Ctrl-C')) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${printed.join('\n')}`)))
  })
  return {
    url,
    printed,
    stop(signal) {
      child.kill(signal)
      return ended
    },
  }
}

const stateFile = (home: TempHome) => join(home.bmfote, 'run', 'server.json')

describe('bmfote server start', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'serves until %s, and leaves nothing behind',
    async (signal) => {
      const home = tempHome()
      const server = await startServer(home)
      const health = await fetch(`${server.url}/health`)

      const exitCode = await server.stop(signal)

      expect(await health.json()).toEqual({status: 'ok'})
      expect(exitCode).toBe(0)
      expect(existsSync(stateFile(home))).toBe(false)
    },
  )

  test('says where it is, where the memory is, and what to type next', async () => {
    const home = tempHome()
    const {url, printed} = await startServer(home)

    const text = printed.join('\n')

    expect(text).toContain(`${url}/mcp`)
    expect(text).toContain(join(home.bmfote, 'memory.db'))
    expect(text).toMatch(/import claude-code\n.*search /)
  })

  test('what is written over HTTP is found from the terminal', async () => {
    const home = tempHome()
    const {url} = await startServer(home)
    await fetch(`${url}/api/remember`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({content: 'The port is 4242'}),
    })

    const {stdout} = await runSource(['search', 'which', 'port', '--json'], {home})

    expect(JSON.parse(stdout)).toMatchObject([{session_id: 'agent-memory-managed-agent'}])
  })

  test('a second one over the same database names the first', async () => {
    const home = tempHome()
    const {url} = await startServer(home)

    const second = await runSource(['server', 'start', '--port', '0'], {home})

    expect(second.exitCode).toBe(1)
    expect(second.stderr).toContain(`A server for this database already runs at ${url}`)
  })

  test('after kill -9 the next one starts, over everything that was acknowledged', async () => {
    const home = tempHome()
    const first = await startServer(home)
    await fetch(`${first.url}/api/messages`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({session_id: 's', uuid: 'u', content: 'last words'}),
    })
    await first.stop('SIGKILL')
    expect(existsSync(stateFile(home))).toBe(true)

    const {url} = await startServer(home)

    expect(await (await fetch(`${url}/api/message/u`)).json()).toMatchObject({content: 'last words'})
  })

  test('without a token it does not open itself to others', async () => {
    const result = await runSource(['server', 'start', '--host', '0.0.0.0'], {home: tempHome()})

    expect(result.exitCode).toBe(1)
    expect(result.stderr).toContain('Without a token, the memory would be open')
    expect(result.stderr).toContain('API_TOKEN')
  })

  test('API_TOKEN is what callers need, and it is printed nowhere', async () => {
    const {url, printed} = await startServer(tempHome(), {API_TOKEN: 'a-secret-word'})

    const withoutToken = await fetch(`${url}/api/stats`)
    const withToken = await fetch(`${url}/api/stats`, {headers: {authorization: 'Bearer a-secret-word'}})

    expect([withoutToken.status, withToken.status]).toEqual([401, 200])
    expect(printed.join('\n')).not.toContain('a-secret-word')
  })
})
