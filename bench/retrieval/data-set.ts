import type {NewMessage} from '../../src/lib/model/message.ts'

/** What a person asks, and the messages that answer it. */
export interface Question {
  workspace: string
  query: string
  /** The uuids of the answers. */
  gold: string[]
  category: string
  /** The asker's clock, ISO 8601. */
  now?: string
}

/** Each conversation in a workspace of its own. */
export interface DataSet {
  workspaces: Map<string, NewMessage[]>
  questions: Question[]
}

export function describeDataSet({workspaces, questions}: DataSet): string {
  const messages = [...workspaces.values()].reduce((sum, list) => sum + list.length, 0)
  return `${workspaces.size} conversations, ${messages} messages, ${questions.length} questions`
}

/** A question whose answers are not among the messages can't be answered, so it measures nothing. */
export function keepAnswerable(dataSet: DataSet): DataSet {
  const known = new Map(
    [...dataSet.workspaces].map(([workspace, messages]) => [
      workspace,
      new Set(messages.map(({uuid}) => uuid)),
    ]),
  )
  const questions = dataSet.questions.flatMap((question) => {
    const gold = [...new Set(question.gold)].filter((uuid) => known.get(question.workspace)?.has(uuid))
    return gold.length > 0 ? [{...question, gold}] : []
  })
  return {...dataSet, questions}
}
