import {execFile} from 'node:child_process'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {toWire} from '../src/lib/memory/wire.ts'
import {openAsItIs} from '../src/lib/storage/copy-database.ts'
import {BINARY} from '../test/helpers/run-binary.ts'
import {startServerProcess} from '../test/helpers/server-process.ts'
import {generateMessages} from './messages/conversations.ts'

export interface BackupReport {
  backups: number
  /** Messages that were acknowledged in all. */
  acknowledged: number
  /** Acknowledged before a backup was begun, and not in it: must be 0. */
  missing: number
  /** What `server check` found wrong in what was restored: must be 0. */
  problems: number
  /** How long each took, while messages came in. */
  backupMs: number[]
}

const WRITERS = 4
const BATCH = 20

/** Backs a server up while several senders write, restores each backup elsewhere, and looks whether all of it is there. */
export async function backupUnderLoad(options: {backups: number; pauseMs: number}): Promise<BackupReport> {
  const root = await mkdtemp(join(tmpdir(), 'bmfote-backup-load-'))
  const home = join(root, 'home')
  const server = await startServerProcess({home})
  const acknowledged = new Set<string>()
  const messages = generateMessages({seed: 31})
  let isOver = false
  const write = async () => {
    while (!isOver) {
      const batch = Array.from({length: BATCH}, () => toWire(messages.next().value ?? {}))
      for (const uuid of await send(server.url, batch)) acknowledged.add(uuid)
    }
  }
  const writing = Promise.all(Array.from({length: WRITERS}, write))
  const report = {missing: 0, problems: 0, backupMs: [] as number[]}
  try {
    for (let index = 0; index < options.backups; index++) {
      await new Promise((resolve) => setTimeout(resolve, options.pauseMs))
      const before = new Set(acknowledged)
      const file = join(root, `backup-${index}.db`)
      const start = performance.now()
      await bmfote(home, 'backup', file)
      report.backupMs.push(Math.round(performance.now() - start))
      const restored = await restore(join(root, `restored-${index}`), file)
      report.problems += restored.problems
      report.missing += [...before].filter((uuid) => !restored.uuids.has(uuid)).length
    }
    isOver = true
    await writing
    return {backups: options.backups, acknowledged: acknowledged.size, ...report}
  } finally {
    isOver = true
    await server.stop()
    await rm(root, {recursive: true, force: true})
  }
}

async function restore(home: string, file: string): Promise<{problems: number; uuids: Set<string>}> {
  await bmfote(home, 'restore', file)
  const {problems} = JSON.parse(await bmfote(home, 'check', '--json')) as {problems: string[]}
  const database = await openAsItIs(join(home, 'memory.db'))
  const rows = await database.query('SELECT uuid FROM messages')
  await database.close()
  return {problems: problems.length, uuids: new Set(rows.map(({uuid}) => String(uuid)))}
}

async function send(url: string, batch: object[]): Promise<string[]> {
  const response = await fetch(`${url}/api/messages/batch`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(batch),
  })
  const {results} = (await response.json()) as {results: {uuid: string; status: string}[]}
  return results.filter(({status}) => status === 'ok').map(({uuid}) => uuid)
}

async function bmfote(home: string, ...args: string[]): Promise<string> {
  const env = {PATH: process.env.PATH, HOME: home, BMFOTE_HOME: home}
  const {stdout} = await promisify(execFile)(BINARY, ['server', ...args], {env})
  return stdout
}
