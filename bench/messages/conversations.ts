import type {NewMessage} from '../../src/lib/model/message.ts'
import {Random} from './random.ts'
import {Texts} from './texts.ts'
import {Vocabulary} from './vocabulary.ts'

export interface GenerateOptions {
  /** How many messages. Default: without end. */
  count?: number
  /** Default 1. */
  seed?: number
  workspaceId?: string
  /** Default 2026-01-01T08:00:00Z. */
  from?: string
  /** Default 180. */
  days?: number
  /** `transcript`: as long as they are with real agents, 2 KB in the mean, most far below. Default `short`. */
  lengths?: 'short' | 'transcript'
}

const PROJECTS = [
  'webshop',
  'billing',
  'mobile-app',
  'infra',
  'docs-site',
  'data-pipeline',
  'auth-service',
  'playground',
]
const AUTHORS = ['alice', 'bob', 'chen', 'dina']
const MODELS = ['claude-opus-5-5', 'claude-sonnet-5']
const MESSAGES_PER_SESSION = 60

/** Conversations as they are had with coding tools, one after the other; the same for the same options. */
export function* generateMessages(options: GenerateOptions = {}): Generator<NewMessage> {
  const random = new Random(options.seed ?? 1)
  const texts = new Texts(random, new Vocabulary())
  const messagesOfTurn = options.lengths === 'transcript' ? longTurn : shortTurn
  const count = options.count ?? Number.POSITIVE_INFINITY
  const days = options.days ?? 180
  const sessions = Math.max(1, Math.min(count, 1_000_000) / MESSAGES_PER_SESSION)
  const stepMs = (days * 86_400_000) / sessions
  let startMs = Date.parse(options.from ?? '2026-01-01T08:00:00Z')
  for (let made = 0; made < count; ) {
    for (const message of conversation(random, startMs, () => messagesOfTurn(random, texts))) {
      yield {...message, workspaceId: options.workspaceId}
      if (++made >= count) return
    }
    startMs += stepMs * (0.5 + random.next())
  }
}

function* conversation(
  random: Random,
  startMs: number,
  messagesOfTurn: () => Iterable<Partial<NewMessage>>,
): Generator<NewMessage> {
  const common = {
    sessionId: random.uuid(),
    project: pickSkewed(random, PROJECTS),
    author: pickSkewed(random, AUTHORS),
    source: 'claude-code',
    machine: 'workstation',
  }
  let atMs = startMs
  let parentUuid: string | undefined
  const link = (message: Partial<NewMessage>): NewMessage => {
    atMs += random.integer(500, 40_000)
    const linked = {
      ...common,
      uuid: random.uuid(),
      parentUuid,
      timestamp: new Date(atMs).toISOString(),
      ...message,
    }
    parentUuid = linked.uuid
    return linked
  }
  const turns = random.integer(3, 20)
  for (let turn = 0; turn < turns; turn++) {
    for (const message of messagesOfTurn()) yield link(message)
  }
}

function* shortTurn(random: Random, texts: Texts): Generator<Partial<NewMessage>> {
  const model = random.pick(MODELS)
  const usage = () => usageOf(random, model)
  const asked = random.chance(0.15)
    ? `${texts.sentence()}\n\n${texts.error()}`
    : texts.prose(random.integer(1, 4))
  yield {type: 'user', role: 'user', content: asked}
  for (let step = random.integer(0, 4); step > 0; step--) {
    yield {type: 'assistant', role: 'assistant', content: texts.prose(random.integer(1, 3)), ...usage()}
    yield* toolUse(random, texts, model)
  }
  const code = random.chance(0.3) ? `\n\n\`\`\`ts\n${texts.code(random.integer(2, 12))}\n\`\`\`` : ''
  yield {type: 'assistant', role: 'assistant', content: texts.prose(random.integer(2, 8)) + code, ...usage()}
}

function* toolUse(random: Random, texts: Texts, model: string): Generator<Partial<NewMessage>> {
  const tool = random.pick(['Bash', 'Bash', 'Read', 'Edit', 'Grep'])
  const call = {type: 'assistant', role: 'assistant', model, tool}
  const result = {type: 'user', role: 'tool', tool}
  if (tool === 'Bash') {
    yield {...call, content: `Bash: npm test -- ${texts.path()}`}
    const failed = random.chance(0.25)
    const log = texts.log(random.chance(0.03) ? random.integer(80, 130) : random.integer(2, 25))
    yield {...result, content: failed ? `${log}\n${texts.error()}` : log, status: failed ? 'error' : 'ok'}
  } else if (tool === 'Edit') {
    const path = texts.path()
    yield {...call, content: `Edit: ${path}\n- ${texts.code(2)}\n+ ${texts.code(3)}`}
    yield {...result, content: `The file ${path} has been updated successfully.`, status: 'ok'}
  } else if (tool === 'Read') {
    yield {...call, content: `Read: ${texts.path()}`}
    yield {...result, content: texts.code(random.integer(5, 60)), status: 'ok'}
  } else {
    yield {...call, content: `Grep: ${texts.identifier()}\nsrc`}
    const hits = Array.from(
      {length: random.integer(1, 12)},
      () => `${texts.path()}:${random.integer(1, 900)}`,
    )
    yield {...result, content: hits.join('\n'), status: 'ok'}
  }
}

/** What agents read and print is long, what people and models say is short. */
function* longTurn(random: Random, texts: Texts): Generator<Partial<NewMessage>> {
  const model = random.pick(MODELS)
  const asked = texts.prose(random.chance(0.7) ? random.integer(1, 3) : random.integer(4, 12))
  const pasted = random.chance(0.15) ? `\n\n${texts.page(lengthOf(random))}\n${texts.error()}` : ''
  yield {type: 'user', role: 'user', content: asked + pasted}
  for (let step = random.integer(1, 6); step > 0; step--) {
    if (random.chance(0.6))
      yield {
        type: 'assistant',
        role: 'assistant',
        content: texts.prose(random.integer(1, 4)),
        ...usageOf(random, model),
      }
    yield* longToolUse(random, texts, model)
  }
  const code = random.chance(0.3) ? `\n\n\`\`\`ts\n${texts.code(random.integer(3, 40))}\n\`\`\`` : ''
  yield {
    type: 'assistant',
    role: 'assistant',
    content: texts.prose(random.integer(2, 16)) + code,
    ...usageOf(random, model),
  }
}

function* longToolUse(random: Random, texts: Texts, model: string): Generator<Partial<NewMessage>> {
  const tool = random.pick(['Bash', 'Bash', 'Bash', 'Read', 'Read', 'Edit', 'Write', 'Grep'])
  const call = {type: 'assistant', role: 'assistant', model, tool}
  const result = {type: 'user', role: 'tool', tool}
  const done = {...result, content: `The file has been updated: ${texts.path()}`, status: 'ok'}
  if (tool === 'Bash') {
    yield {...call, content: `Bash: npm test -- ${texts.path()}\n${texts.sentence()}`}
    const failed = random.chance(0.2)
    const page = texts.page(lengthOf(random))
    yield {...result, content: failed ? `${page}\n${texts.error()}` : page, status: failed ? 'error' : 'ok'}
  } else if (tool === 'Edit') {
    const lines = random.integer(2, 30)
    yield {...call, content: `Edit: ${texts.path()}\n- ${texts.code(lines)}\n+ ${texts.code(lines + 2)}`}
    yield done
  } else if (tool === 'Write') {
    yield {...call, content: `Write: ${texts.path()}\n${texts.page(2 * lengthOf(random))}`}
    yield done
  } else {
    yield {...call, content: `${tool}: ${tool === 'Read' ? texts.path() : `${texts.identifier()}\nsrc`}`}
    yield {...result, content: texts.page(lengthOf(random)), status: 'ok'}
  }
}

const LENGTH_MEDIAN = 2_300
const LENGTH_SPREAD = 1.35
const LENGTH_MAX = 24_000

/** Log-normal, as the lengths of what tools print are. */
function lengthOf(random: Random): number {
  return Math.min(LENGTH_MAX, Math.round(LENGTH_MEDIAN * Math.exp(LENGTH_SPREAD * random.normal())))
}

function usageOf(random: Random, model: string): Partial<NewMessage> {
  return {model, inputTokens: random.integer(500, 90_000), outputTokens: random.integer(10, 2_000)}
}

/** The first of them most often. */
function pickSkewed<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random.next() ** 2 * items.length)]
  return item === undefined ? random.pick(items) : item
}
