import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import Anthropic from '@anthropic-ai/sdk'
import {afterEach, beforeEach, expect, test} from 'vitest'

const BUN = fileURLToPath(new URL('../../../node_modules/.bin/bun', import.meta.url))
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

let child: ChildProcess
let address: {url: string; control: string; key: string}

beforeEach(async () => {
  child = spawn(BUN, [MAIN, '--page-size', '1', '--key', 'sk-of-the-test'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const stdout = child.stdout
  if (!stdout) throw new Error('no stdout')
  const [line] = await once(createInterface(stdout), 'line')
  address = JSON.parse(line)
})
afterEach(() => {
  child.kill('SIGKILL')
})

test('as a process of its own: it says where it is, takes faults, and ends with its stdin', async () => {
  const client = new Anthropic({apiKey: address.key, baseURL: address.url, maxRetries: 0})
  const control = async (request: string, body?: unknown) => {
    const [method, path] = request.split(' ')
    const answer = await fetch(`${address.control}${path}`, {
      method,
      body: body ? JSON.stringify(body) : undefined,
    })
    return answer.json()
  }

  expect(address.key).toBe('sk-of-the-test')
  await control('POST /faults', [{kind: 'answer', on: 'GET /v1/agents', status: 529}, {kind: 'refusal'}])
  await expect(client.beta.agents.list()).rejects.toThrow(/529/)
  expect(await control('GET /faults')).toEqual([{kind: 'refusal', times: 1}])
  await control('DELETE /faults')
  for (const name of ['1', '2']) await client.beta.agents.create({name, model: 'claude-opus-5-5'})
  expect((await client.beta.agents.list()).data).toHaveLength(1)
  await control('POST /settled')
  expect(await control('GET /violations')).toEqual([])
  expect(await control('GET /requests')).toHaveLength(4)

  const ended = once(child, 'exit')
  child.stdin?.end()
  expect(await ended).toEqual([0, null])
})
