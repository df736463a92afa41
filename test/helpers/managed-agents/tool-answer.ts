/** One message as a tool's answer shows it: two lines of labels, then quoted lines. */
export interface Shown {
  uuid: string
  session: string
  timestamp: string
  labels: {project?: string; author?: string; source?: string}
  /** `user` or `assistant`, where the answer says. */
  type: string | undefined
  text: string
  /** What get_context says of it. */
  place: 'before' | 'message' | 'after' | undefined
}

const ID_LINE = /^uuid (\S+) \| session (\S+)$/
const HEADING = /^(?:\[\d+\] |(Before|The message|After): )?(.*)$/

/** Reads the text of search_memory, get_recent and get_context, as a model would. */
export function readToolAnswer(text: string): Shown[] {
  const lines = text.split('\n')
  return lines.flatMap((line, at) => {
    const [, uuid = '', session = ''] = ID_LINE.exec(line) ?? []
    if (!uuid) return []
    const [, place, facts = ''] = HEADING.exec(lines[at - 1] ?? '') ?? []
    const [timestamp = '', ...rest] = facts.split(' | ')
    return [
      {uuid, session, timestamp, ...readFacts(rest), text: quotedAfter(lines, at), place: readPlace(place)},
    ]
  })
}

function readFacts(facts: readonly string[]): Pick<Shown, 'labels' | 'type'> {
  const labels: Shown['labels'] = {}
  let type: string | undefined
  for (const fact of facts) {
    const [, name, value] = /^(project|author|source) (.*)$/.exec(fact) ?? []
    if (name) labels[name as keyof Shown['labels']] = value
    else type ??= fact
  }
  return {labels, type}
}

function quotedAfter(lines: readonly string[], at: number): string {
  const quoted: string[] = []
  for (const line of lines.slice(at + 1)) {
    if (!line.startsWith('>')) break
    quoted.push(line.replace(/^> ?/, ''))
  }
  return quoted.join('\n')
}

function readPlace(word: string | undefined): Shown['place'] {
  if (word === 'Before') return 'before'
  if (word === 'After') return 'after'
  return word ? 'message' : undefined
}
