/** bun's standard input: cheaper to reach than `process.stdin`, and every millisecond here is the AI tool's. */
declare const Bun: {stdin: {text(): Promise<string>}}

/**
 * `bmfote hook`, called by AI tools on every turn. Hot path: nothing may be imported here that costs start-up time
 * (console.log, Bun.stdin and fetch are free or nearly so), nothing may fail the user's turn.
 */
export async function runHook(): Promise<void> {
  try {
    await Bun.stdin.text()
  } catch {
    // Whatever stands in for standard input: a hook ends well.
  }
}
