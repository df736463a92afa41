import {constants, promises as fs} from 'node:fs'
import {basename, dirname, join, relative, sep} from 'node:path'
import type {TranscriptFile} from '../transcripts/source.ts'

/**
 * `ours`: a transcript below the folder of histories. `absent`: it would be one, and is not there (yet). `elsewhere`: of
 * a Claude Code with another folder, whose own sender will come for it. `refused`: nothing that may be read.
 */
export type TranscriptPlace =
  | {kind: 'ours'; file: TranscriptFile}
  | {kind: 'absent'}
  | {kind: 'elsewhere'}
  | {kind: 'refused'; reason: string}

/**
 * The path comes with an event, and who wrote that is not certain: only plain files of history are ever looked at,
 * under their real names, whatever the path says.
 */
export async function placeTranscript(path: string, historyFolder: string): Promise<TranscriptPlace> {
  if (!path.endsWith('.jsonl')) return {kind: 'refused', reason: 'it is no transcript'}
  const root = await realPath(historyFolder)
  const folder = await realPath(dirname(path))
  if (folder === undefined) {
    return isBelow(path, historyFolder) ? {kind: 'absent'} : {kind: 'refused', reason: 'it is not there'}
  }
  if (root === undefined || !isBelow(folder, root)) {
    return (await isHistoryOfAnother(folder))
      ? {kind: 'elsewhere'}
      : {kind: 'refused', reason: 'it is outside the history of Claude Code'}
  }
  const real = join(folder, basename(path))
  const stats = await fs.lstat(real).catch(() => undefined)
  if (!stats) return {kind: 'absent'}
  if (!stats.isFile()) return {kind: 'refused', reason: 'it is no plain file'}
  return {
    kind: 'ours',
    file: {path: real, bytes: stats.size, modifiedMs: stats.mtimeMs, inode: stats.ino},
  }
}

/** Between the look and this, the name may have become another file's: not a link, not a pipe that waits for ever. */
export async function openTranscript(path: string): Promise<fs.FileHandle> {
  const handle = await fs.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw Object.assign(new Error(`${path} is no plain file`), {code: 'EINVAL', syscall: 'open'})
}

/** Those that are there of the sub-agents that a session has started. */
export async function subagentTranscripts(sessionTranscript: string): Promise<string[]> {
  const folder = join(sessionTranscript.replace(/\.jsonl$/, ''), 'subagents')
  const names = await fs.readdir(folder, {recursive: true}).catch(() => [])
  return names.filter((name) => /^agent-.+\.jsonl$/.test(basename(name))).map((name) => join(folder, name))
}

/** `<somewhere>/projects/<project>`, of a Claude Code that keeps its settings there. */
async function isHistoryOfAnother(folder: string): Promise<boolean> {
  const claude = /^(.+)[\\/]projects[\\/][^\\/]+(?:[\\/].*)?$/.exec(folder)?.[1]
  if (!claude) return false
  const settings = await fs.stat(join(claude, 'settings.json')).catch(() => undefined)
  return settings?.isFile() === true
}

function isBelow(path: string, folder: string): boolean {
  const below = relative(folder, path)
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`)
}

async function realPath(path: string): Promise<string | undefined> {
  return fs.realpath(path).catch(() => undefined)
}
