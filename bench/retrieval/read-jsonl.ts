import {createReadStream} from 'node:fs'
import {createInterface} from 'node:readline'
import type {NewMessage} from '../../src/lib/model/message.ts'
import {type DataSet, keepAnswerable, type Question} from './data-set.ts'

interface MessageLine {
  workspace: string
  session: string
  uuid: string
  author?: string | null
  type?: string | null
  timestamp?: string | null
  content: string
}

/** Any other data set: one message a line in one file, one question a line in the other. */
export async function readJsonl(paths: {messages: string; queries: string}): Promise<DataSet> {
  const workspaces = new Map<string, NewMessage[]>()
  for await (const line of readLines<MessageLine>(paths.messages)) {
    const messages = workspaces.get(line.workspace) ?? []
    workspaces.set(line.workspace, messages)
    messages.push(toMessage(line))
  }
  const questions: Question[] = []
  for await (const line of readLines<Question>(paths.queries)) {
    questions.push({
      ...line,
      category: String(line.category ?? ''),
      now: line.now ?? undefined,
    })
  }
  return keepAnswerable({workspaces, questions})
}

function toMessage(line: MessageLine): NewMessage {
  return {
    workspaceId: line.workspace,
    sessionId: line.session,
    uuid: line.uuid,
    author: line.author ?? undefined,
    type: line.type ?? undefined,
    timestamp: line.timestamp ?? undefined,
    content: line.content,
  }
}

async function* readLines<T>(path: string): AsyncGenerator<T> {
  const lines = createInterface({input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY})
  let number = 0
  for await (const line of lines) {
    number++
    if (line.trim() === '') continue
    try {
      yield JSON.parse(line) as T
    } catch (error) {
      throw new Error(`${path}, line ${number}: ${(error as Error).message}`)
    }
  }
}
