import {render} from 'ink'
import {thousands} from '../text/count.ts'
import type {CallView} from './call-words.ts'
import {EMPTY_RUN, type FeedItem, RunFeed, type RunView} from './run-feed.ts'
import type {RunScreen} from './run-screen.ts'
import {LiveRun} from './run-view.tsx'
import {QUESTION_CHARS_MAX, wholeInput} from './whole-input.ts'

export interface LiveOptions {
  color: boolean
  /** Ctrl-C, where the terminal gives keys and not signals. */
  onStop: () => void
}

/** Draws on stderr, for stdout is the answer's. */
export function liveRunScreen({color, onStop}: LiveOptions): RunScreen {
  const feed = new RunFeed()
  const startedMs = performance.now()
  let agentName = ''
  let view: RunView = EMPTY_RUN
  let items: FeedItem[] = []
  let question: {call: CallView; answer: (isAllowed: boolean) => void} | undefined
  const answer = (isAllowed: boolean) => {
    const asked = question
    question = undefined
    draw()
    asked?.answer(isAllowed)
  }
  const element = () => (
    <LiveRun
      agentName={agentName}
      items={items}
      view={view}
      startedMs={startedMs}
      question={question?.call}
      onAnswer={answer}
      onStop={onStop}
      color={color}
    />
  )
  const options = {stdout: process.stderr, interactive: true, exitOnCtrlC: false, patchConsole: false}
  const app = render(element(), options)
  const draw = () => app.rerender(element())
  const note = (sentence: string) => {
    items = [...items, feed.note(sentence)]
    draw()
  }
  return {
    begin(name) {
      agentName = name
      draw()
    },
    update(next) {
      view = {...next, calls: next.calls.map((call) => ({...call})), messages: [...next.messages]}
      const told = feed.take(view)
      if (told.length > 0) items = [...items, ...told]
      draw()
    },
    note,
    ask(call) {
      const chars = wholeInput(call).length
      if (chars > QUESTION_CHARS_MAX) {
        note(
          `The agent wanted to call ${call.name} with ${thousands(chars)} characters, more than can be shown to be allowed: denied.`,
        )
        return Promise.resolve(false)
      }
      items = [...items, feed.question(call)]
      return new Promise((resolve) => {
        question = {call, answer: resolve}
        draw()
      })
    },
    async close() {
      app.clear()
      app.unmount()
      await app.waitUntilExit()
    },
  }
}
