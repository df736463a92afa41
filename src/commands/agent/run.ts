import {isatty} from 'node:tty'
import {Args} from '@oclif/core'
import {type RunRequest, type RunResult, runAgent} from '../../lib/agent/run/run-agent.ts'
import {AgentCommand} from '../../lib/cli/agent-command.ts'
import {RUN_EXIT_CODES} from '../../lib/cli/exit-codes.ts'
import {joinWords, wordsArg, workspaceFlag} from '../../lib/cli/flags.ts'
import {watchInterrupt} from '../../lib/cli/interrupt.ts'
import {readStdin} from '../../lib/cli/read-stdin.ts'
import {parseBudget, parseDuration, runFlags} from '../../lib/cli/run-flags.ts'
import {openRemoteMemory} from '../../lib/memory/remote-memory.ts'
import {toWire} from '../../lib/memory/wire.ts'
import {BmfoteError} from '../../lib/model/errors.ts'
import {plainRunScreen} from '../../lib/ui/agent/plain-run-screen.ts'
import {type RunScreen, silentRunScreen} from '../../lib/ui/agent/run-screen.ts'
import {runSummaryText} from '../../lib/ui/agent/run-summary.ts'
import {safeText} from '../../lib/ui/text/safe-text.ts'

export default class AgentRun extends AgentCommand {
  static override summary = 'ask a Managed Agent, and wait for its answer'
  static override description = `\
Opens a session, shows what the agent searches and remembers, and prints its answer: alone on standard output, so that it
can be piped on. What was asked and what was answered are kept in the memory. The agent may use the memory without
asking; for anything else that wants a permission you are asked, and where nobody can be asked, it is denied. Afterwards
the session is archived.

Ctrl-C stops the agent. Ends with 0 when it has answered, 10 when the model has refused, 11 when the budget is spent,
12 after the timeout, 13 when Anthropic has given up trying, 14 when the memory was out of reach, 130 after Ctrl-C, and 1
for what else goes wrong.`

  static override examples = [
    '<%= config.bin %> agent run agent_011CZkYpogX7uDKUyvBTophP "What did we decide about Acme last week?"',
    '<%= config.bin %> agent run agent_011CZkYpogX7uDKUyvBTophP - --timeout 30m --budget 0.50 < task.md',
    '<%= config.bin %> agent run agent_011CZkYpogX7uDKUyvBTophP "Tidy up your notes" --detach',
  ]

  static override args = {
    agent: Args.string({description: "the agent's id", required: true, ignoreStdin: true}),
    prompt: wordsArg({
      description: 'what to ask; - or nothing reads it from standard input',
      required: false,
    }),
  }

  static override flags = {...runFlags, workspace: workspaceFlag}

  async run(): Promise<unknown> {
    const {args, flags} = await this.parse(AgentRun)
    const {title, keep, detach, project, workspace} = flags
    const {author, workspaceId} = this.clientConfig
    const timeoutMs = parseDuration(flags.timeout)
    const budgetCents = flags.budget === undefined ? undefined : parseBudget(flags.budget)
    const {access} = this
    const request = {
      agentId: args.agent,
      prompt: await readPrompt(joinWords(args.prompt)),
      ...{title, timeoutMs, keep, detach, budgetCents, project, author},
      workspaceId: workspace ?? workspaceId,
    }
    const result = await this.follow(request, access)
    if (detach) this.log(result.sessionId)
    else this.showEnd(result)
    process.exitCode = RUN_EXIT_CODES[result.outcome.kind]
    return this.body(request, result)
  }

  private async follow(request: RunRequest, access: AgentRun['access']): Promise<RunResult> {
    const {url = '', token} = this.clientConfig
    const interrupt = watchInterrupt(() => screen.note('Stopping the agent; Ctrl-C again leaves it alone.'))
    const screen = request.detach ? silentRunScreen() : await this.openScreen(() => interrupt.stop())
    const onNote = (sentence: string) => (request.detach ? this.say(sentence) : screen.note(sentence))
    try {
      return await runAgent(request, {
        api: this.openApi(onNote),
        access,
        openMemory: () => openRemoteMemory({url, token}),
        confirm: screen.ask,
        signal: interrupt.signal,
        onNote,
        onStart: ({agent}) => screen.begin(agent.name),
        onTranscript: (transcript) => screen.update(transcript),
      })
    } finally {
      interrupt.dispose()
      await screen.close()
    }
  }

  private async openScreen(onStop: () => void): Promise<RunScreen> {
    if (this.jsonEnabled()) return silentRunScreen()
    if (!this.isWatched) return plainRunScreen((line) => this.logToStderr(line))
    const {liveRunScreen} = await import('../../lib/ui/agent/live-run-screen.tsx')
    const screen = liveRunScreen({color: this.stderrColor, onStop})
    // Keys come from stdin: without somebody there, nobody is asked.
    return isatty(0) ? screen : {...screen, ask: undefined}
  }

  private showEnd({answer, outcome, warnings, seconds, toolCalls, usage, stored}: RunResult): void {
    if (answer !== '') this.log(safeText(answer))
    for (const warning of warnings) this.say(`Warning: ${warning}`)
    if (outcome.sentence) this.say(outcome.sentence)
    const {inputTokens, outputTokens, cost} = usage
    const calls = toolCalls.length
    this.say(
      runSummaryText({seconds, calls, inputTokens, outputTokens, cost, answerUuid: stored?.answerUuid}),
    )
  }

  private body({detach}: RunRequest, result: RunResult): unknown {
    const {outcome, toolCalls, ...rest} = result
    return {
      ...(toWire(rest) as object),
      outcome: outcome.kind,
      sentence: outcome.sentence ?? null,
      exit_code: RUN_EXIT_CODES[outcome.kind],
      detached: detach,
      // What a tool was given keeps the names that the tool has for it.
      tool_calls: toolCalls.map(({server, ...call}) => ({...call, server: server ?? null})),
    }
  }
}

async function readPrompt(words: string): Promise<string> {
  const isPiped = words === '-' || (words === '' && !isatty(0))
  const prompt = isPiped ? (await readStdin()).trim() : words
  if (prompt.trim() !== '') return prompt
  throw new BmfoteError('invalid_input', 'There is nothing to ask.', {
    next: 'bmfote agent run AGENT_ID "What did we decide about Acme?", or pipe the question in',
  })
}
