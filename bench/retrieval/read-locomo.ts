import {readFileSync} from 'node:fs'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {type DataSet, keepAnswerable, type Question} from './data-set.ts'

/** LoCoMo (Maharana et al. 2024, CC BY-NC 4.0) as it is published: an array of conversations. */
interface Conversation {
  sample_id: string
  /** `session_1`, `session_1_date_time`, `session_2`, … beside the speakers' names. */
  conversation: Record<string, string | Turn[] | undefined>
  qa: {question: string; evidence?: string[]; category: number | string}[]
}

interface Turn {
  speaker: string
  dia_id: string
  text: string
  blip_caption?: string
}

/** Turns have no time of their own; they follow each other at about the pace of typing. */
const TURN_MS = 30_000

/** Reads the published array, or the same array under `conversations`. */
export function readLocomo(path: string): DataSet {
  const json = JSON.parse(readFileSync(path, 'utf8')) as Conversation[] | {conversations: Conversation[]}
  const conversations = Array.isArray(json) ? json : json.conversations
  return keepAnswerable({
    workspaces: new Map(conversations.map((one) => [one.sample_id, messagesOf(one)])),
    questions: conversations.flatMap(questionsOf),
  })
}

/** One session a sitting, one message an utterance. */
function messagesOf({sample_id: workspaceId, conversation}: Conversation): NewMessage[] {
  const sessions = Object.keys(conversation).filter((key) => /^session_\d+$/.test(key))
  return sessions.flatMap((sessionId) => {
    const turns = conversation[sessionId]
    const startMs = readDate(String(conversation[`${sessionId}_date_time`]))
    if (!Array.isArray(turns)) return []
    return turns.map((turn, position) => ({
      workspaceId,
      sessionId,
      uuid: turn.dia_id,
      timestamp: new Date(startMs + position * TURN_MS).toISOString(),
      content: `${turn.speaker}: ${turn.text}${turn.blip_caption ? ` [image: ${turn.blip_caption}]` : ''}`,
    }))
  })
}

function questionsOf({sample_id: workspace, qa}: Conversation): Question[] {
  return qa.map(({question, evidence = [], category}) => ({
    workspace,
    query: question,
    gold: evidence.flatMap(readEvidence),
    category: String(category),
  }))
}

/** `D8:6`, and as it is misspelt in places: several in one string, `D:11:26`, `D30:05`. */
function readEvidence(text: string): string[] {
  return [...text.matchAll(/D:?(\d+):(\d+)/g)].map(
    ([, session, turn]) => `D${Number(session)}:${Number(turn)}`,
  )
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** "1:56 pm on 8 May, 2023", taken as UTC. */
function readDate(text: string): number {
  const match = /^(\d+):(\d+) (am|pm) on (\d+) (\w{3})\w*,? (\d{4})$/.exec(text.trim())
  if (!match) throw new Error(`not a date of LoCoMo: ${text}`)
  const [, hour, minute, half, day, month = '', year] = match
  const hours = (Number(hour) % 12) + (half === 'pm' ? 12 : 0)
  return Date.UTC(Number(year), MONTHS.indexOf(month.toLowerCase()), Number(day), hours, Number(minute))
}
