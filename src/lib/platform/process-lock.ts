import {execFile} from 'node:child_process'
import {promises as fs} from 'node:fs'
import {hostname} from 'node:os'
import {basename, dirname, join} from 'node:path'
import {promisify} from 'node:util'

export interface ProcessLock {
  release(): Promise<void>
  /** Lets go, and leaves no file: for when its folder is to go too. */
  remove(): Promise<void>
}

interface Owner {
  host: string
  pid: number
  /** When the process began, in the system's own words: its number alone may be another's by now. */
  began?: string
}

/** An owner that is still being written down, or one on another machine (a home folder on a network), is believed. */
const WRITING_MS_MAX = 10_000
const HEARTBEAT_MS = 20_000
const HEARTBEAT_MS_MAX = 6 * HEARTBEAT_MS

const ATTEMPTS_MAX = 20

/**
 * Undefined when somebody else holds it. A crash does not: a lock whose process is gone counts as free.
 *
 * Each holder makes a new file, `<path>.<n>`, one number above the last, which only one can do. A free lock is left in
 * place until the next holder has made its own, so that numbers go on, and whoever was late finds a higher one; where
 * the file was removed they begin anew, and whoever was late finds a lower one that is held.
 */
export async function acquireProcessLock(path: string): Promise<ProcessLock | undefined> {
  const owner: Owner = {host: hostname(), pid: process.pid, began: await beginningOf(process.pid)}
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    // Each time: whoever removes a lock may take its folder away.
    await fs.mkdir(dirname(path), {recursive: true, mode: 0o700})
    const last = (await generations(path)).at(-1) ?? 0
    if (last > 0 && (await isHeld(`${path}.${last}`))) return undefined
    const own = last + 1
    if (!(await create(`${path}.${own}`, JSON.stringify(owner)))) continue
    const older = (await generations(path)).filter((other) => other !== own)
    if (older.every((other) => other < own) && !(await isAnyHeld(path, older))) {
      await Promise.all(older.map((other) => fs.rm(`${path}.${other}`, {force: true})))
      return hold(`${path}.${own}`)
    }
    await fs.rm(`${path}.${own}`, {force: true})
  }
  return undefined
}

function hold(file: string): ProcessLock {
  const heartbeat = setInterval(() => {
    const now = new Date()
    void fs.utimes(file, now, now).catch(() => undefined)
  }, HEARTBEAT_MS)
  heartbeat.unref()
  return {
    async release() {
      clearInterval(heartbeat)
      await fs.writeFile(file, RELEASED)
    },
    async remove() {
      clearInterval(heartbeat)
      await fs.rm(file, {force: true})
    },
  }
}

const RELEASED = '{"released":true}'

async function generations(path: string): Promise<number[]> {
  const prefix = `${basename(path)}.`
  const names = await fs.readdir(dirname(path)).catch(emptyWhenMissing)
  return names
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((number) => /^\d{1,15}$/.test(number))
    .map(Number)
    .sort((a, b) => a - b)
}

async function create(file: string, text: string): Promise<boolean> {
  try {
    await fs.writeFile(file, text, {flag: 'wx', mode: 0o600})
    return true
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || code === 'ENOENT') return false
    throw error
  }
}

function emptyWhenMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}

async function isAnyHeld(path: string, numbers: readonly number[]): Promise<boolean> {
  for (const number of numbers) if (await isHeld(`${path}.${number}`)) return true
  return false
}

async function isHeld(file: string): Promise<boolean> {
  const read = await readOwner(file)
  if (read === 'gone' || read === 'released') return false
  const {owner, ageMs} = read
  if (!owner) return ageMs < WRITING_MS_MAX
  if (owner.host !== hostname()) return ageMs < HEARTBEAT_MS_MAX
  if (!isAlive(owner.pid)) return false
  const began = await beginningOf(owner.pid)
  return owner.began === undefined || began === undefined ? ageMs < HEARTBEAT_MS_MAX : began === owner.began
}

async function readOwner(
  file: string,
): Promise<'gone' | 'released' | {owner: Owner | undefined; ageMs: number}> {
  try {
    const [text, stats] = await Promise.all([fs.readFile(file, 'utf8'), fs.stat(file)])
    if (text === RELEASED) return 'released'
    return {owner: parseOwner(text), ageMs: Date.now() - stats.mtimeMs}
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone'
    throw error
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner>
    return typeof owner.pid === 'number' && typeof owner.host === 'string' ? (owner as Owner) : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Undefined where the system does not say; an empty string for a process that has ended and was not buried. */
async function beginningOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') {
      // The name in parentheses may hold anything, parentheses included.
      const stat = await fs.readFile(join('/proc', String(pid), 'stat'), 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' || fields[0] === 'X' ? '' : fields[19]
    }
    if (process.platform === 'win32') return undefined
    const {stdout} = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)])
    return stdout.trim() || undefined
  } catch {
    // No /proc, no ps, or the process ended just now.
    return undefined
  }
}
