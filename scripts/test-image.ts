import {type ChildProcess, execFileSync} from 'node:child_process'
import {once} from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {addNode, CleanRoot, debianBase} from './image/clean-root.ts'
import {contextFiles} from './image/docker-context.ts'
import {execForm, type Instruction, parseDockerfile, type Stage} from './image/dockerfile.ts'

/**
 * `npm run test:image`: does line by line what the Dockerfile says, in clean roots made with debootstrap, and starts
 * what comes out of it as a container would be started. Wants root, debootstrap and a Debian mirror; takes minutes.
 * What it can not try: the images that FROM names, and an engine's own isolation, volumes and networks.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CACHE = join(tmpdir(), 'bmfote-image-cache')
const PORT = '18000'
const TOKEN = 'a-token-for-the-image-test'
const START_MS_MAX = 60_000
/** Above this something that does not belong there has got in. */
const IMAGE_MB_MAX = 400

const stages = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))
const files = contextFiles(ROOT, readFileSync(join(ROOT, '.dockerignore'), 'utf8'))
const base = debianBase(CACHE)
const work = mkdtempSync(join(tmpdir(), 'bmfote-image-'))
const built = new Map<string, CleanRoot>()
try {
  for (const [index, stage] of stages.entries()) {
    const name = stage.name ?? String(index)
    const root = CleanRoot.from(base, join(work, name))
    built.set(name, root)
    if (stage.base.startsWith('node:')) addNode(root, nodeOfThisMachine())
    for (const instruction of stage.instructions) carryOut(instruction, root)
  }
  const image = built.get(String(stages.length - 1))
  const last = stages.at(-1)
  if (!image || !last) throw new Error('The Dockerfile has no stage.')
  await tryImage(image, last)
  console.log('The Dockerfile does what it says.')
} finally {
  for (const root of built.values()) root.remove()
  rmSync(work, {recursive: true, force: true})
}

function carryOut(instruction: Instruction, root: CleanRoot): void {
  const {name, text} = instruction
  console.error(`→ ${name} ${text}`)
  switch (name) {
    case 'RUN':
      root.shell(text, networkOfThisMachine(root))
      return
    case 'COPY':
      copy(instruction, root)
      return
    case 'WORKDIR':
      root.workdir = text
      mkdirSync(root.within(text), {recursive: true})
      return
    case 'USER':
      root.user = text
      return
    case 'ENV':
      for (const [, key = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) root.env[key] = value
      return
    case 'ARG':
      return
    // Said to an engine; tried below.
    case 'EXPOSE':
    case 'HEALTHCHECK':
    case 'ENTRYPOINT':
    case 'CMD':
      return
    default:
      throw new Error(`The test does not know ${name}.`)
  }
}

function copy({flags, text}: Instruction, root: CleanRoot): void {
  const words = text.split(/\s+/)
  const target = words.pop() ?? ''
  const from = flags.from === undefined ? undefined : built.get(flags.from)
  for (const source of words) {
    if (from) {
      cpSync(from.within(source), root.within(target))
    } else if (source === '.') {
      for (const file of files) copyFile(join(ROOT, file), join(root.within(target), file))
    } else {
      if (!files.includes(source)) throw new Error(`${source} is not in the context: see .dockerignore`)
      const name = source.slice(source.lastIndexOf('/') + 1)
      copyFile(join(ROOT, source), root.within(target.endsWith('/') ? join(target, name) : target))
    }
  }
}

function copyFile(source: string, target: string): void {
  mkdirSync(dirname(target), {recursive: true})
  cpSync(source, target)
}

/** The Node of the lockfile, and the npm of this machine: that of node_modules/.bin is none. */
function nodeOfThisMachine(): {node: string; npm: string} {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => !folder.startsWith(ROOT))
  const npm = folders.map((folder) => join(folder, 'npm')).find((path) => existsSync(path))
  if (npm === undefined) throw new Error('There is no npm in the PATH.')
  return {
    node: join(ROOT, 'node_modules', 'node', 'bin', 'node'),
    // …/npm/bin/npm-cli.js
    npm: dirname(dirname(realpathSync(npm))),
  }
}

/** The registry and the certificates that npm goes by here, which an engine's build is given in its own way. */
function networkOfThisMachine(root: CleanRoot): Record<string, string> {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
    cwd: tmpdir(),
  }).trim()
  const certificates = process.env.NODE_EXTRA_CA_CERTS
  if (certificates === undefined) return {npm_config_registry: registry}
  cpSync(certificates, root.within('/tmp/certificates.crt'))
  return {npm_config_registry: registry, NODE_EXTRA_CA_CERTS: '/tmp/certificates.crt'}
}

async function tryImage(image: CleanRoot, {instructions}: Stage): Promise<void> {
  const find = (name: string) => {
    const found = instructions.findLast((instruction) => instruction.name === name)
    if (!found) throw new Error(`The image has no ${name}.`)
    return found
  }
  const command = [...execForm(find('ENTRYPOINT')), ...execForm(find('CMD'))]
  const healthcheck = execForm(find('HEALTHCHECK'))
  await refusesWithoutToken(image, command)
  await serves(image, {command, healthcheck})
  const megabytes = Number(
    execFileSync('du', ['-sm', '--exclude=proc', image.path], {encoding: 'utf8'}).split('\t')[0],
  )
  expect(megabytes < IMAGE_MB_MAX, `the image has ${megabytes} MB`)
  buildsForArm()
}

async function refusesWithoutToken(image: CleanRoot, command: string[]): Promise<void> {
  const {code, output} = await ended(image.start(command, {PORT}))
  expect(
    code === 1 && output.includes('API_TOKEN'),
    `without a token it ends with a sentence: ${code} ${output}`,
  )
}

async function serves(
  image: CleanRoot,
  {command, healthcheck}: {command: string[]; healthcheck: string[]},
): Promise<void> {
  const url = `http://127.0.0.1:${PORT}`
  const server = image.start(command, {PORT, API_TOKEN: TOKEN})
  const end = ended(server)
  try {
    await answers(url)
    const health = await fetch(`${url}/health`)
    expect(health.status === 200, `GET /health answers ${health.status}`)
    expect((await fetch(`${url}/api/stats`)).status === 401, 'GET /api/stats wants the token')
    const headers = {authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json'}
    const body = JSON.stringify({session_id: 's', uuid: 'm', content: 'The image remembers'})
    await fetch(`${url}/api/messages`, {method: 'POST', headers, body})
    const stats = (await (await fetch(`${url}/api/stats`, {headers})).json()) as {messages: number}
    expect(stats.messages === 1, `GET /api/stats counts ${stats.messages}`)
    const well = await ended(image.start(healthcheck, {PORT, API_TOKEN: TOKEN}))
    expect(well.code === 0, `the health check ends with 0: ${well.code} ${well.output}`)
    const {uid} = statSync(image.within('/data/memory.db'))
    expect(uid === 10_001, `the database belongs to the user of the image: ${uid}`)
  } finally {
    server.kill('SIGTERM')
  }
  expect((await end).code === 0, 'told to stop, it ends with 0')
  const after = await ended(image.start(healthcheck, {PORT, API_TOKEN: TOKEN}))
  expect(after.code === 1, `the health check of a server that is gone ends with 1: ${after.code}`)
}

/** The build for the other architecture, which can't be started here: that it is one. */
function buildsForArm(): void {
  const stage = stages.find(({name}) => name === 'build')
  const build = stage?.instructions.findLast(({name}) => name === 'RUN')
  const root = built.get('build')
  if (!build || !root) throw new Error('The Dockerfile has no stage "build" that runs something.')
  root.shell(build.text, {...networkOfThisMachine(root), TARGETARCH: 'arm64'})
  const head = Buffer.alloc(20)
  readSync(openSync(root.within('/src/dist/bmfote'), 'r'), head)
  expect(head.readUInt16LE(18) === 183, `the program for arm64 is one: machine ${head.readUInt16LE(18)}`)
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + START_MS_MAX
  while (Date.now() < deadline) {
    if (await fetch(url).catch(() => undefined)) return
    await wait(100)
  }
  throw new Error('The server does not answer.')
}

async function ended(child: ChildProcess): Promise<{code: number | null; output: string}> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const [code] = await once(child, 'close')
  return {code: code as number | null, output}
}

function expect(isSo: boolean, sentence: string): void {
  if (!isSo) throw new Error(sentence)
  console.error(`✓ ${sentence}`)
}
