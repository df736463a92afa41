/** What a server that hangs may cost the start of a session, the program's own start included. */
const START_MS_MAX = 1_400

/** Ends the program, without a word, when the time is over: whatever it waits for then is not worth it. */
export function startDeadline(): void {
  const leftMs = Math.max(0, START_MS_MAX - performance.now())
  setTimeout(() => process.exit(0), leftMs).unref()
}
