import {processEnvironment} from '../config/process-environment.ts'

/** bun's standard input: cheaper to reach than `process.stdin`, and every millisecond here is the AI tool's. */
declare const Bun: {stdin: {text(): Promise<string>}}

/**
 * `bmfote hook …`, called by the scripts that setup installs. Hot path: nothing may be imported here that costs
 * start-up time before it is certain to be needed, and nothing may fail the user's turn.
 */
export async function runHook(args: readonly string[]): Promise<void> {
  try {
    await dispatch(args)
  } catch {
    // Whatever it is (no standard input, a folder that can't be read): a hook ends well.
  }
  // Something may still be under way, such as a request that was given up.
  process.exit(0)
}

/** These print what the model is to read; the others print nothing, for on some events that makes the model go on. */
const RECALLING = new Set(['session-start', 'prompt-recall'])

async function dispatch([name = '', event]: readonly string[]): Promise<void> {
  const environment = processEnvironment()
  const isPaused = environment.BMFOTE_DISABLE === '1'
  if (name === 'send') {
    if (isPaused) return
    const {sendFromHook} = await import('./hook-send.ts')
    return sendFromHook(environment, event)
  }
  if (!RECALLING.has(name) || isPaused) {
    await Bun.stdin.text()
    return
  }
  const {startDeadline} = await import('./hook-deadline.ts')
  startDeadline()
  const {recallForEvent} = await import('./hook-recall.ts')
  const block = await recallForEvent(await Bun.stdin.text(), environment)
  // biome-ignore lint/suspicious/noConsole: process.stdout costs 10 ms, and this is what the hook is there to print
  if (block !== '') console.log(block)
}
