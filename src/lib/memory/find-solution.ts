import type {StoredMessage} from '../model/message.ts'
import {locateError, type NormalError} from './normalize-error.ts'
import {cutEnd} from './recall/quoted-text.ts'

export interface Solution {
  text: string | null
  /** The same command went through later, or somebody said that it works. */
  isProven: boolean
}

const EDITS_MAX = 3
const COMMANDS_MAX = 3
const ASSENT_CHARS_MAX = 60
const EDITING = /^(?:edit|write|multi_?edit|notebook_?edit|apply_?patch|create|str_replace\w*|update|patch)/i
const RUNNING = /^(?:bash|shell|exec|terminal|run_?\w*|local_shell|powershell)/i
/** Commands that look and change nothing. */
const LOOKING =
  /^\w+:?\s*(?:cd \S+\s*(?:&&|;)\s*)?(?:ls|cat|head|tail|less|grep|rg|find|fd|pwd|echo|which|wc|tree|stat|file|git (?:status|diff|log|show|blame)|ps|env|printenv)\b/i
const SAYS_SO =
  /\b(?:fix(?:ed|es)?|work(?:s|ed|ing)(?: now| again)?|pass(?:es|ed|ing)?|green|resolved?|solved?|succeed(?:s|ed)|succeeded|helped|root cause|the (?:cause|reason|problem|issue|culprit) (?:was|is)|because|it was|turned out|needs? to|must|instead)\b/i
const SAYS_NO =
  /\b(?:still|(?:fail(?:s|ed|ing)?|happen(?:s|ed)?|error) again|not (?:fixed|work|help)|doesn't|didn't|does not|did not|same error|no luck|nope)\b/i

/**
 * What fixed an error: the edits and commands that followed it, until the command that failed went through or somebody
 * said that it works, and the message that says so.
 * @param before of the error's message, in order
 * @param after of it, in order
 */
export function findSolution(
  error: {message: StoredMessage; normal: NormalError | null},
  {
    before,
    after,
    charsMax,
  }: {before: readonly StoredMessage[]; after: readonly StoredMessage[]; charsMax: number},
): Solution {
  const walk = new Walk(commandOf(error.message, before), error.normal)
  for (const message of after) if (walk.step(message) === 'end') break
  return walk.finish(charsMax)
}

/** The call whose result the error is. */
function commandOf(message: StoredMessage, before: readonly StoredMessage[]): string | null {
  if (!isResult(message)) return null
  const call = before.findLast((earlier) => isCall(earlier) && earlier.tool === message.tool)
  return call ? commandText(call) : null
}

class Walk {
  readonly #command: string | null
  readonly #normal: NormalError | null
  #edits: StoredMessage[] = []
  #commands: StoredMessage[] = []
  #said: StoredMessage[] = []
  #call: StoredMessage | null = null
  #isProven = false
  /** The command went through; one more message may say why. */
  #isEnding = false

  constructor(command: string | null, normal: NormalError | null) {
    this.#command = command
    this.#normal = normal
  }

  step(message: StoredMessage): 'on' | 'end' {
    if (message.content.trim() === '') return 'on'
    if (isCall(message)) return this.#isEnding && !isRunning(message) ? 'end' : this.#stepCall(message)
    if (isResult(message)) return this.#stepResult(message)
    return message.type === 'assistant' ? this.#stepAssistant(message) : this.#stepPerson(message)
  }

  #stepCall(message: StoredMessage): 'on' {
    this.#call = message
    if (EDITING.test(message.tool ?? '')) this.#edits.push(message)
    else if (isRunning(message) && !LOOKING.test(message.content)) this.#commands.push(message)
    return 'on'
  }

  #stepResult(message: StoredMessage): 'on' {
    const call = this.#call
    const hasFailed = message.status === 'error' || this.#isSameError(message)
    if (!call || call.tool !== message.tool) return 'on'
    this.#call = null
    // What failed was no fix.
    if (hasFailed) {
      this.#edits = this.#edits.filter((edit) => edit !== call)
      this.#commands = this.#commands.filter((command) => command !== call)
    } else if (this.#command !== null && commandText(call) === this.#command) {
      this.#isProven = true
      this.#isEnding = true
    }
    return 'on'
  }

  #stepAssistant(message: StoredMessage): 'on' | 'end' {
    this.#said.push(message)
    if (this.#isEnding) return 'end'
    const hasActed = this.#edits.length + this.#commands.length > 0
    if (!hasActed || !SAYS_SO.test(message.content) || this.#isSameError(message)) return 'on'
    // Without a command that could go through, the words are all there is to go by.
    this.#isProven ||= !SAYS_NO.test(message.content)
    return this.#command === null && this.#isProven ? 'end' : 'on'
  }

  #stepPerson(message: StoredMessage): 'on' | 'end' {
    if (this.#isSameError(message) || SAYS_NO.test(message.content)) return 'on'
    if (SAYS_SO.test(message.content)) {
      this.#isProven = this.#said.length + this.#edits.length + this.#commands.length > 0
      return 'end'
    }
    // Somebody who asks for something else has seen it solved, or given up; "yes, do that" is neither.
    const isOther = message.content.length > ASSENT_CHARS_MAX && this.#said.length > 0
    return isOther || this.#edits.length + this.#commands.length > 0 ? 'end' : 'on'
  }

  #isSameError(message: StoredMessage): boolean {
    if (this.#normal === null || message.type === 'assistant') return false
    const spot = locateError(message.content, this.#normal)
    return spot !== null && spot.match !== 'code'
  }

  finish(charsMax: number): Solution {
    const acts = [...this.#edits.slice(-EDITS_MAX), ...this.#commands.slice(-COMMANDS_MAX)]
    const said = this.#chooseSaid(acts.length > 0)
    const order = [...this.#edits, ...this.#commands, ...this.#said]
    const chosen = [...acts, ...(said ? [said] : [])].sort((a, b) => timeOrder(a, b, order))
    if (chosen.length === 0) return {text: null, isProven: false}
    const shares = shareOut(
      chosen.map(({content}) => content.trim().length),
      charsMax - (chosen.length - 1),
    )
    const parts = chosen.map(({content}, i) => cutEnd(content.trim(), shares[i] ?? 0))
    return {text: parts.join('\n'), isProven: this.#isProven}
  }

  /** The last that says that it works; else the last after something was done, or the first words of advice. */
  #chooseSaid(hasActed: boolean): StoredMessage | undefined {
    const saysSo = this.#said.findLast(({content}) => SAYS_SO.test(content))
    return saysSo ?? (hasActed ? this.#said.at(-1) : this.#said[0])
  }
}

function isCall({tool, type}: StoredMessage): boolean {
  return tool !== null && type === 'assistant'
}

function isResult({tool, role, type}: StoredMessage): boolean {
  return role === 'tool' || (tool !== null && type !== 'assistant')
}

function isRunning({tool}: StoredMessage): boolean {
  return RUNNING.test(tool ?? '')
}

/** Without the words beside the command that say what it is for, which are other words every time. */
function commandText({content}: StoredMessage): string {
  return (content.split('\n', 1)[0] ?? '').replace(/\s+/g, ' ').trim()
}

function timeOrder(a: StoredMessage, b: StoredMessage, order: readonly StoredMessage[]): number {
  const [first, second] = [a.timestamp ?? '', b.timestamp ?? '']
  return first === second ? order.indexOf(a) - order.indexOf(b) : first < second ? -1 : 1
}

/** Room for each: what the short ones don't need goes to the long ones. */
function shareOut(lengths: readonly number[], total: number): number[] {
  const shares = lengths.map(() => 0)
  let left = total
  const byLength = lengths.map((_, i) => i).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0))
  byLength.forEach((index, done) => {
    const share = Math.min(lengths[index] ?? 0, Math.floor(left / (byLength.length - done)))
    shares[index] = share
    left -= share
  })
  return shares
}
