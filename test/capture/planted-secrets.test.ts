import {mkdirSync, writeFileSync} from 'node:fs'
import {type AddressInfo, connect, createServer} from 'node:net'
import {join} from 'node:path'
import {beforeEach, expect, onTestFinished, test} from 'vitest'
import {resolvePaths} from '../../src/lib/config/environment.ts'
import {openRemoteMemory} from '../../src/lib/memory/remote-memory.ts'
import {OWNER} from '../helpers/callers.ts'
import {ClaudeSession} from '../helpers/claude-session.ts'
import {installHooks, runHookScript, spoolDelivered} from '../helpers/hook-scripts.ts'
import {type PlantedSecret, plantSecrets} from '../helpers/planted-secrets.ts'
import {runBinary} from '../helpers/run-binary.ts'
import {startServerProcess} from '../helpers/server-process.ts'
import {tempFolder} from '../helpers/temp-folder.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

const PLANTED = plantSecrets(23)

let home: TempHome
let wire: Wire

beforeEach(async () => {
  home = tempHome()
  const server = await startServerProcess({home: tempFolder()})
  onTestFinished(server.kill)
  wire = await listenIn(server.url)
})

interface Wire {
  url: string
  /** All that has left the machine. */
  sent(): string
}

/** Between the machine and the server, and writes down what goes there. */
async function listenIn(serverUrl: string): Promise<Wire> {
  const chunks: Buffer[] = []
  const {hostname, port} = new URL(serverUrl)
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname)
    client.on('data', (chunk) => chunks.push(chunk)).pipe(server)
    server.pipe(client)
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  const address = proxy.address() as AddressInfo
  return {url: `http://127.0.0.1:${address.port}`, sent: () => Buffer.concat(chunks).toString('utf8')}
}

/** A turn that has the secret in a prompt, a command, what came out of it, and the answer. */
function turnAbout({text}: PlantedSecret, index: number, session: ClaudeSession): void {
  session.prompt(`this is the one: ${text}`)
  session.call(`t${index}`, 'Bash', {command: `deploy --with '${text}'`})
  session.result(`t${index}`, `Deployed.\n${text}\nDone.`)
  session.answer(`I have used it:\n\n${text}\n`)
}

/** Of each turn all four messages arrive, with a placeholder in each, and no secret has gone over the wire. */
async function expectRedacted(sessionId: string): Promise<void> {
  const {messages} = await openRemoteMemory({url: wire.url}).exportPage(OWNER, {sessionId, cursor: 'm:0'})
  expect(messages).toHaveLength(4 * PLANTED.length)
  for (const [index, {kind}] of PLANTED.entries()) {
    for (const {content} of messages.slice(4 * index, 4 * index + 4))
      expect(content).toContain(`[redacted:${kind}]`)
  }
  const sent = wire.sent()
  expect(sent.length).toBeGreaterThan(10_000)
  expect(PLANTED.filter(({secret}) => sent.includes(secret.slice(0, 12)))).toEqual([])
}

test('none of the nineteen secrets leaves the machine by the hooks', {timeout: 120_000}, async () => {
  installHooks(home)
  const {claude, clientEnvFile} = resolvePaths(home.env)
  writeFileSync(clientEnvFile, `BMFOTE_URL=${wire.url}\n`, {mode: 0o600})
  mkdirSync(join(home.path, 'acme'))
  const session = new ClaudeSession({claude, bmfote: home.bmfote, cwd: join(home.path, 'acme')})
  for (const [index, planted] of PLANTED.entries()) turnAbout(planted, index, session)
  const [last] = PLANTED.slice(-1)

  const stop = session.event('Stop', {last_assistant_message: `I have used it:\n\n${last?.text}\n`})
  await runHookScript(stop as {hook_event_name: string}, {home})
  await spoolDelivered(home)

  await expectRedacted(session.id)
})

test('nor by an import of the history', {timeout: 120_000}, async () => {
  const {claude} = resolvePaths(home.env)
  const session = new ClaudeSession({claude, bmfote: home.bmfote, cwd: join(home.path, 'acme')})
  for (const [index, planted] of PLANTED.entries()) turnAbout(planted, index, session)

  const env = {BMFOTE_URL: wire.url}
  expect(await runBinary(['import', 'claude-code'], {home, env, timeoutMs: 60_000})).toMatchObject({
    exitCode: 0,
  })

  await expectRedacted(session.id)
})

test('nor by what somebody writes down at the terminal', {timeout: 120_000}, async () => {
  const env = {BMFOTE_URL: wire.url}
  for (const {text} of PLANTED) await runBinary(['remember', `this is the one: ${text}`], {home, env})

  const {messages} = await openRemoteMemory({url: wire.url}).exportPage(OWNER, {cursor: 'm:0'})
  expect(messages).toHaveLength(PLANTED.length)
  for (const {content} of messages) expect(content).toContain('[redacted:')
  expect(PLANTED.filter(({secret}) => wire.sent().includes(secret.slice(0, 12)))).toEqual([])
})
