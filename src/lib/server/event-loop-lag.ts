export interface EventLoopWatch {
  /** The longest delay since the last call. */
  takeMaxMs(): number
  stop(): void
}

/** Often enough to meet what a person would notice, seldom enough not to be seen in a profile. */
const INTERVAL_MS = 100

/** How late a timer comes: monitorEventLoopDelay means something else in each runtime. */
export function watchEventLoop(): EventLoopWatch {
  let maxMs = 0
  let expected = performance.now() + INTERVAL_MS
  const timer = setInterval(() => {
    const now = performance.now()
    maxMs = Math.max(maxMs, now - expected)
    expected = now + INTERVAL_MS
  }, INTERVAL_MS)
  timer.unref()
  return {
    takeMaxMs() {
      const taken = maxMs
      maxMs = 0
      return taken
    },
    stop: () => clearInterval(timer),
  }
}
