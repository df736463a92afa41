import type {Policy, PolicyRun, PolicyTools} from './policy.ts'
import {readToolAnswer, type Shown} from './tool-answer.ts'

const NOTHING = 'I find nothing about that in the memory.'
const UNREACHABLE = 'I cannot reach the memory.'
const RECENT_HOURS = 168
const RECENT_MAX = 200
const HITS_READ_MAX = 3
const RUNS_READ_MAX = 20
const QUOTE_CHARS = 600
/** Where turns of agents are stored from, by the command or by a workflow. */
const AGENT_SOURCES = ['managed-agent', 'n8n']

/**
 * A small agent without a model. By the words of the prompt it does one of four things, all with the memory's tools and
 * with ids that these gave it: remembers, repeats what it said last time, reconstructs every earlier run, or answers
 * from what it finds. What it says is made of what the tools returned.
 */
export const scriptedPolicy: Policy = async (run) => {
  if (run.tools.names.length === 0) return UNREACHABLE
  const [, toRemember] = /^\s*remember(?: that)?[:,]?\s+(.+)/is.exec(run.prompt) ?? []
  if (toRemember) return remember(run.tools, toRemember)
  if (/\blast time\b/i.test(run.prompt)) return repeatLastRun(run)
  if (/\b(every|all)\b.*\b(previous|earlier|prior) runs?\b/is.test(run.prompt))
    return reconstructRuns(run.tools)
  return answerFromMemory(run)
}

async function remember(tools: PolicyTools, content: string): Promise<string> {
  const {text, isError} = await tools.call('remember', {content, topic: 'told by the user'})
  if (isError) return `I could not remember it: ${text}`
  const [, uuid = ''] = /^uuid (\S+) \| session /m.exec(text) ?? []
  return `I have remembered it, as ${uuid}.`
}

async function answerFromMemory({prompt, tools}: PolicyRun): Promise<string> {
  const {text, isError} = await tools.call('search_memory', {query: prompt, limit: 10})
  if (isError) return `${UNREACHABLE} ${text}`
  const found = readToolAnswer(text).slice(0, HITS_READ_MAX)
  const whole = await readWhole(tools, found)
  if (whole.length === 0) return NOTHING
  return ['From the memory:', ...whole.map((shown) => `${describe(shown)}: ${quote(shown.text)}`)].join('\n')
}

/** Its own words are those whose author it is. */
async function repeatLastRun({agent, tools}: PolicyRun): Promise<string> {
  const {text, isError} = await tools.call('get_recent', {hours: RECENT_HOURS, limit: RECENT_MAX})
  if (isError) return `${UNREACHABLE} ${text}`
  const mine = readToolAnswer(text).filter(({type, labels}) => {
    return type === 'assistant' && (labels.author === agent.name || labels.author === agent.id)
  })
  const [last] = await readWhole(tools, mine.slice(0, 1))
  if (!last) return 'I find nothing that I have said before.'
  return `Last time, in ${last.uuid}, I told you: ${quote(last.text)}`
}

async function reconstructRuns(tools: PolicyTools): Promise<string> {
  const {text, isError} = await tools.call('get_recent', {hours: RECENT_HOURS, limit: RECENT_MAX})
  if (isError) return `${UNREACHABLE} ${text}`
  const answers = readToolAnswer(text).filter(({type, labels}) => {
    return type === 'assistant' && labels.author && AGENT_SOURCES.includes(labels.source ?? '')
  })
  const runs: string[] = []
  for (const answer of answers.slice(0, RUNS_READ_MAX).reverse()) {
    const {text: context} = await tools.call('get_context', {uuid: answer.uuid, context: 1})
    const shown = readToolAnswer(context)
    const said = shown.find(({place}) => place === 'message')
    const asked = shown.findLast(({place, type, session}) => {
      return place === 'before' && type === 'user' && session === answer.session
    })
    if (!said) continue
    const question = asked ? ` was asked "${quote(asked.text)}" and` : ''
    runs.push(
      `Run ${runs.length + 1}, session ${said.session}, ${said.uuid}: ${said.labels.author}${question} answered: ${quote(said.text)}`,
    )
  }
  return runs.length === 0 ? 'I find no earlier run in the memory.' : runs.join('\n')
}

/** A hit is a passage; the message itself comes from get_context. */
async function readWhole(tools: PolicyTools, hits: readonly Shown[]): Promise<Shown[]> {
  const messages: Shown[] = []
  for (const {uuid} of hits) {
    const {text} = await tools.call('get_context', {uuid, context: 0})
    const message = readToolAnswer(text).find(({place}) => place === 'message')
    if (message) messages.push(message)
  }
  return messages
}

function describe({timestamp, labels, uuid}: Shown): string {
  const by = labels.author ? `, by ${labels.author}` : ''
  const where = labels.project ? `, in ${labels.project}` : ''
  return `${timestamp}${where}${by} (${uuid})`
}

function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > QUOTE_CHARS ? `${line.slice(0, QUOTE_CHARS)}…` : line
}
