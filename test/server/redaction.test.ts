import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {FastifyInstance} from 'fastify'
import {describe, expect, test} from 'vitest'
import {callTool} from '../helpers/call-tool.ts'
import {type PlantedSecret, plantSecrets} from '../helpers/planted-secrets.ts'
import {runBinary} from '../helpers/run-binary.ts'
import {tempHome} from '../helpers/temp-home.ts'
import {openTestServer} from '../helpers/test-server.ts'

const PLANTED = plantSecrets(7)

/** Every way in that a client other than our own hooks may take, which have redacted before they send. */
const WAYS: Record<string, (app: FastifyInstance, text: string, index: number) => Promise<void>> = {
  'POST /api/messages': (app, text, index) => post(app, '/api/messages', message(text, index)),
  'POST /api/messages, again with other content': async (app, text, index) => {
    await post(app, '/api/messages', message('nothing of note', index))
    await post(app, '/api/messages', message(text, index))
  },
  'POST /api/messages/batch': (app, text, index) => post(app, '/api/messages/batch', [message(text, index)]),
  'POST /api/remember': (app, text) => post(app, '/api/remember', {content: text}),
  remember: async (app, text) => {
    await callTool(app, {name: 'remember', args: {content: text}})
  },
}

describe('a secret is not stored, whoever sends it', () => {
  test.each(Object.keys(WAYS))('%s', async (way) => {
    const {app, memory, config} = await openTestServer()
    for (const [index, {text}] of PLANTED.entries()) await WAYS[way]?.(app, sentence(text), index)
    const stored = await app.inject({url: '/api/recent?limit=200'})

    for (const {kind} of PLANTED) expect(stored.body).toContain(`[redacted:${kind}]`)
    expect(stored.json()).toHaveLength(PLANTED.length)
    expect(leaked(stored.body)).toEqual([])
    await memory.close()
    expect(leaked(filesOf(dirname(config.paths.home)))).toEqual([])
  })

  test('a long message is redacted before it is cut, so that no half of a secret stays', async () => {
    const {app} = await openTestServer()
    const [planted] = PLANTED
    const text = `${'a '.repeat(24_930)}${planted?.text} ${'b '.repeat(1_000)}`
    await post(app, '/api/messages', message(text, 0))
    const {content} = (await app.inject({url: '/api/message/u0'})).json()

    expect(content).toContain('[cut by bmfote')
    expect(content).not.toContain(planted?.secret.slice(0, 12))
  })

  test('bmfote remember and bmfote import jsonl, in the local file', async () => {
    const home = tempHome()
    const lines = PLANTED.map(({text}, index) => JSON.stringify(message(sentence(text), index))).join('\n')
    const imported = await runBinary(['import', 'jsonl', '-'], {home, stdin: lines})
    for (const {text} of PLANTED.slice(0, 3)) await runBinary(['remember', sentence(text)], {home})
    const exported = await runBinary(['export'], {home})

    expect(imported).toMatchObject({exitCode: 0})
    expect(exported.stdout.match(/\[redacted:/g)?.length).toBeGreaterThanOrEqual(PLANTED.length + 3)
    expect(leaked(exported.stdout)).toEqual([])
    expect(leaked(filesOf(home.bmfote))).toEqual([])
  })
})

function message(content: string, index: number) {
  return {session_id: 's', uuid: `u${index}`, content}
}

function sentence(secret: string): string {
  return `For the deployment we use\n${secret}\nuntil Friday.`
}

async function post(app: FastifyInstance, url: string, payload: object): Promise<void> {
  const {statusCode} = await app.inject({method: 'POST', url, payload})
  expect(statusCode).toBe(200)
}

/** The secrets that can be read in it. */
function leaked(text: string): PlantedSecret[] {
  return PLANTED.filter(
    ({secret}) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)),
  )
}

/** All that lies below a folder, as bytes. */
function filesOf(folder: string): string {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}
