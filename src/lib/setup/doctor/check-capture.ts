import {join} from 'node:path'
import {readCaptureStatus, readSpoolStanding} from '../../capture/hooks/capture-status.ts'
import {type FileSystem, isMissing, listFolder} from '../file-system.ts'
import {installationOf} from '../status.ts'
import type {Check, Finding, Patient} from './finding.ts'

/** Hooks say something at each turn; a transcript that has grown since then has grown unheard. */
const SILENCE_MS_MAX = 10 * 60_000
/** An event is delivered within seconds, when nothing is wrong. */
const WAITING_MS_MAX = 5 * 60_000
/** Enough to find the newest: Claude Code deletes what is older than a month. */
const TRANSCRIPTS_MAX = 5_000

/** Hooks fire when Claude Code works. */
export const checkHooks: Check = async (patient) => {
  const {tools, context, manifest} = patient
  const claudeCode = tools.find(({name}) => name === 'claude-code')
  if (claudeCode === undefined) return []
  const installedMs = Date.parse(installationOf(claudeCode, manifest, context)?.at ?? '') || 0
  const heardMs = await lastHeardMs(patient)
  const workedMs = await newestTranscriptMs(join(context.paths.claude, 'projects'), context.fs)
  const check = 'hooks'
  const since = Math.max(installedMs, heardMs ?? 0)
  if (workedMs !== undefined && workedMs - since > SILENCE_MS_MAX) {
    const when = heardMs === undefined ? 'since it was set up' : `since ${new Date(heardMs).toISOString()}`
    const sentence = `Claude Code has worked (${new Date(workedMs).toISOString()}), and no hook has fired ${when}.`
    return [
      {check, state: 'problem', sentence, fix: 'Restart Claude Code: it reads its hooks when it starts.'},
    ]
  }
  if (heardMs === undefined) {
    return [
      {check, state: 'ok', sentence: 'No hook has fired yet: there was no session since it was set up.'},
    ]
  }
  return [{check, state: 'ok', sentence: `The last hook fired at ${new Date(heardMs).toISOString()}.`}]
}

/** When an event was last put down, whether or not it was delivered. */
async function lastHeardMs({context}: Patient): Promise<number | undefined> {
  const {lastEventAt} = await readCaptureStatus(context.paths)
  const times = [
    Date.parse(lastEventAt ?? ''),
    (await modifiedMs(context.paths.spool, context.fs)) ?? Number.NaN,
  ]
  const known = times.filter((time) => !Number.isNaN(time))
  return known.length === 0 ? undefined : Math.max(...known)
}

async function newestTranscriptMs(folder: string, fs: FileSystem): Promise<number | undefined> {
  let newest: number | undefined
  let looked = 0
  for (const project of await listFolder(folder, fs)) {
    const names = await listFolder(join(folder, project), fs)
    for (const name of names.filter((each) => each.endsWith('.jsonl'))) {
      if (++looked > TRANSCRIPTS_MAX) return newest
      const time = await modifiedMs(join(folder, project, name), fs)
      if (time !== undefined && time > (newest ?? 0)) newest = time
    }
  }
  return newest
}

async function modifiedMs(path: string, fs: FileSystem): Promise<number | undefined> {
  try {
    return (await fs.stat(path)).mtimeMs
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** What hooks have put down is delivered. */
export const checkSpool: Check = async ({context, deliver, now}) => {
  const {events, bytes, oldestAt} = await readSpoolStanding(context.paths)
  const {lastError, droppedEvents, lastDropAt} = await readCaptureStatus(context.paths)
  const findings: Finding[] = []
  const check = 'spool'
  const isStuck = oldestAt !== undefined && now().getTime() - Date.parse(oldestAt) > WAITING_MS_MAX
  if (isStuck) {
    const size = `${Math.ceil(bytes / 1000).toLocaleString('en-US')} KB`
    const why = lastError === undefined ? '' : ` The last attempt failed: ${lastError.message}`
    const sentence = `${events.toLocaleString('en-US')} events (${size}) wait to be delivered, since ${oldestAt}.${why}`
    findings.push({
      check,
      state: 'problem',
      sentence,
      fix: 'bmfote doctor --fix delivers them now',
      mend: deliver,
    })
  } else
    findings.push({
      check,
      state: 'ok',
      sentence: events === 0 ? 'Nothing waits.' : `${events} events are on their way.`,
    })
  if (droppedEvents !== undefined && droppedEvents > 0) {
    const sentence = `${droppedEvents.toLocaleString('en-US')} events were dropped unread because too many waited (${lastDropAt}).`
    findings.push({
      check,
      state: 'warning',
      sentence,
      fix: 'bmfote import claude-code brings in what the history holds',
    })
  }
  return findings
}
