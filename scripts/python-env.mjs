// A Python with what the tests of the Python client need, made once, outside of the clone. `node scripts/python-env.mjs`
// prints the path of its interpreter; a requirements file may be named, default client/requirements-test.txt.
// Plain JavaScript for Node 20, as everything that `npm test` begins with.
import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, readFileSync, renameSync, rmSync} from 'node:fs'
import {homedir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'

const ROOT = resolve(import.meta.dirname, '..')
const REQUIREMENTS = join(ROOT, 'client', 'requirements-test.txt')
const OLDEST = [3, 10]
const NAMES = ['python3', 'python', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`)]
const INSTALL_MS_MAX = 600_000

/** Prints what a newer interpreter is told by, and fails on one that is too old or can't make environments. */
const PROBE = `import sys, venv, ensurepip; assert sys.version_info >= (${OLDEST.join(', ')}); print(*sys.version_info[:3], sep='.')`

/**
 * The interpreter of an environment in which the requirements are installed, or the reason why there is none.
 * @param {string} [requirements]
 * @returns {{python: string} | {reason: string}}
 */
export function pythonEnvironment(requirements = REQUIREMENTS) {
  const found = findPython()
  if (!found) return {reason: `there is no Python ${OLDEST.join('.')} or newer that has venv and ensurepip`}
  const folder = environmentFolder(requirements, found.version)
  const python = interpreterOf(folder)
  if (existsSync(python)) return {python}

  // Made under another name, for two may be at it at once, and one may be ended in the middle.
  const draft = `${folder}.${process.pid}`
  console.error('Installing what the Python client is tested with (once; a minute or so) …')
  try {
    mkdirSync(draft, {recursive: true})
    const complaint = install(found.command, draft, requirements)
    if (complaint !== undefined) return {reason: complaint}
    moveInto(draft, folder)
    return {python}
  } finally {
    rmSync(draft, {recursive: true, force: true})
  }
}

/** @returns {{command: string, version: string} | undefined} */
function findPython() {
  for (const command of NAMES) {
    const {status, stdout} = spawnSync(command, ['-c', PROBE], {encoding: 'utf8'})
    if (status === 0) return {command, version: stdout.trim()}
  }
  return undefined
}

/**
 * One for each interpreter and each state of the requirements, beside what else the tests install.
 * @param {string} requirements
 * @param {string} version
 */
function environmentFolder(requirements, version) {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bmfote-test')
  const hash = createHash('sha256').update(version).update(withIncluded(requirements)).digest('hex')
  return join(cache, `python-${hash.slice(0, 16)}`)
}

/**
 * The file, and those that it names by `-r`.
 * @param {string} path
 * @returns {string}
 */
function withIncluded(path) {
  const text = readFileSync(path, 'utf8')
  const included = [...text.matchAll(/^-r (.+)$/gm)].map(([, name = '']) => join(dirname(path), name.trim()))
  return [text, ...included.map(withIncluded)].join('\n')
}

/**
 * @param {string} command
 * @param {string} folder
 * @param {string} requirements
 * @returns {string | undefined} what went wrong
 */
function install(command, folder, requirements) {
  const steps = [
    [command, '-m', 'venv', folder],
    [
      interpreterOf(folder),
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      requirements,
    ],
  ]
  for (const [program = '', ...args] of steps) {
    const {status, stderr} = spawnSync(program, args, {encoding: 'utf8', timeout: INSTALL_MS_MAX})
    if (status === 0) continue
    const lastLine = (stderr ?? '').trim().split('\n').at(-1)
    return `\`${program} ${args.slice(0, 3).join(' ')} …\` failed: ${lastLine || 'no word of why'}`
  }
  return undefined
}

/**
 * Interpreters find their environment by where they are, so it may be moved; scripts beside them may not be called.
 * @param {string} draft
 * @param {string} folder
 */
function moveInto(draft, folder) {
  try {
    renameSync(draft, folder)
  } catch (error) {
    if (!existsSync(interpreterOf(folder))) throw error
  }
}

/** @param {string} folder */
function interpreterOf(folder) {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const environment = pythonEnvironment(process.argv[2] && resolve(process.argv[2]))
  if ('python' in environment) console.log(environment.python)
  else {
    console.error(`No Python for the tests: ${environment.reason}.`)
    process.exitCode = 1
  }
}
