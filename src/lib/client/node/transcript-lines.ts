import {promises as fs} from 'node:fs'
import {setTimeout as wait} from 'node:timers/promises'
import type {FoundLine, TranscriptLines, WantedLine} from '../agent-recorder.ts'

/**
 * Claude Code writes a line some 100 ms after the event that tells of it, on a busy machine seconds later, and a prompt
 * not before every hook has returned. Nobody waits for this.
 */
const LOOK_AGAIN_AFTER_MS = [50, 100, 200, 400, 800, 1_600, 3_200, 6_400]

/** Of a transcript that is there already, its end: what happens now is written there. */
const TAIL_BYTES_MAX = 1_000_000

const TRANSCRIPTS_MAX = 100
const LINES_MAX = 2_000

/** The ids of lines in Claude Code's transcripts. */
export class FileTranscriptLines implements TranscriptLines {
  readonly #transcripts = new Map<string, Transcript>()

  async find(path: string, wanted: WantedLine, hurry: AbortSignal): Promise<FoundLine | undefined> {
    const transcript = this.#open(path)
    for (const waitMs of [0, ...LOOK_AGAIN_AFTER_MS]) {
      const isLast = hurry.aborted
      if (waitMs > 0 && !isLast) await waitUnless(hurry, waitMs)
      await transcript.read()
      const found = transcript.find(wanted)
      // A session that is not kept has no transcript: it is waited for once.
      if (found || isLast || transcript.isAbsent) return found
    }
    transcript.isAbsent = !(await this.exists(path))
    return undefined
  }

  async exists(path: string): Promise<boolean> {
    return (await fs.stat(path).catch(() => undefined)) !== undefined
  }

  #open(path: string): Transcript {
    const known = this.#transcripts.get(path)
    if (known) return known
    const transcript = new Transcript(path)
    this.#transcripts.set(path, transcript)
    const [oldest] = this.#transcripts.keys()
    if (this.#transcripts.size > TRANSCRIPTS_MAX && oldest !== undefined) this.#transcripts.delete(oldest)
    return transcript
  }
}

/** Keeps no process alive: before it ends, it hurries. */
async function waitUnless(hurry: AbortSignal, ms: number): Promise<void> {
  try {
    await wait(ms, undefined, {signal: hurry, ref: false})
  } catch {
    // Hurried.
  }
}

/** One file, read on from where it was left. */
class Transcript {
  isAbsent = false
  readonly #path: string
  readonly #found = new Map<string, FoundLine>()
  #offset?: number
  #reading: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /** One after the other: two readers would take the same bytes. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#readOn()).catch(() => undefined)
    return this.#reading
  }

  find(wanted: WantedLine): FoundLine | undefined {
    return this.#found.get(keyOf(wanted))
  }

  async #readOn(): Promise<void> {
    const file = await fs.open(this.#path, 'r')
    try {
      const {size} = await file.stat()
      const isStart = this.#offset === undefined
      const from = this.#offset ?? Math.max(0, size - TAIL_BYTES_MAX)
      if (size <= from) return
      const {buffer, bytesRead} = await file.read(Buffer.alloc(size - from), 0, size - from, from)
      // Up to the last whole line: half a character is never decoded.
      const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1
      this.#offset = from + end
      this.isAbsent = false
      const lines = buffer.toString('utf8', 0, end).split('\n')
      for (const line of isStart && from > 0 ? lines.slice(1) : lines) this.#take(line)
    } finally {
      await file.close()
    }
  }

  #take(text: string): void {
    if (!text.includes('"uuid"')) return
    for (const [key, found] of readLine(text)) {
      if (this.#found.has(key) && key.startsWith('prompt')) continue
      this.#found.delete(key)
      this.#found.set(key, found)
    }
    for (const key of [...this.#found.keys()].slice(0, Math.max(0, this.#found.size - LINES_MAX)))
      this.#found.delete(key)
  }
}

function keyOf(wanted: WantedLine): string {
  if (wanted.kind === 'prompt') return `prompt ${wanted.promptId}`
  if (wanted.kind === 'answer') return `answer ${wanted.text.trim()}`
  return `${wanted.kind} ${wanted.toolUseId}`
}

interface Line {
  type?: unknown
  uuid?: unknown
  promptId?: unknown
  isMeta?: unknown
  message?: {content?: unknown} | null
}

function readLine(text: string): [string, FoundLine][] {
  let line: Line | null
  try {
    line = JSON.parse(text)
  } catch {
    return []
  }
  const uuid = line?.uuid
  if (!line || typeof uuid !== 'string') return []
  const content = line.message?.content
  const blocks: Record<string, unknown>[] = Array.isArray(content)
    ? content.filter((block) => typeof block === 'object' && block !== null)
    : []
  if (line.type === 'assistant') return blocks.flatMap((block) => readAnswerBlock(block, uuid))
  if (line.type !== 'user' || line.isMeta === true) return []
  const results = blocks.filter(({type}) => type === 'tool_result')
  if (results.length > 0) {
    return results.map((block) => [
      keyOf({kind: 'result', toolUseId: String(block.tool_use_id)}),
      {uuid, block},
    ])
  }
  return typeof line.promptId === 'string' ? [[keyOf({kind: 'prompt', promptId: line.promptId}), {uuid}]] : []
}

function readAnswerBlock(block: Record<string, unknown>, uuid: string): [string, FoundLine][] {
  if (block.type === 'tool_use') return [[keyOf({kind: 'call', toolUseId: String(block.id)}), {uuid}]]
  if (block.type === 'text') return [[keyOf({kind: 'answer', text: String(block.text)}), {uuid}]]
  return []
}
