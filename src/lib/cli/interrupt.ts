import {RUN_EXIT_CODES} from './exit-codes.ts'

export interface Interrupt {
  signal: AbortSignal
  /** As if Ctrl-C was pressed, for a terminal in which that is a key. */
  stop(): void
  dispose(): void
}

/** Ctrl-C asks for an end, and is told so by the signal; a second one ends the program at once. */
export function watchInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(RUN_EXIT_CODES.interrupted)
    controller.abort()
    onFirst()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  return {
    signal: controller.signal,
    stop,
    dispose: () => {
      for (const signal of signals) process.off(signal, stop)
    },
  }
}
