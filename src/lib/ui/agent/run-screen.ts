import type {CallView} from './call-words.ts'
import type {RunView} from './run-feed.ts'

/** Where a run is shown while it goes on. */
export interface RunScreen {
  begin(agentName: string): void
  update(view: RunView): void
  note(sentence: string): void
  /** Missing where nobody can answer. */
  ask?: (call: CallView) => Promise<boolean>
  /** Takes away what is of the moment: what is said next starts on a clean line. */
  close(): Promise<void>
}

/** Nobody looks. */
export function silentRunScreen(): RunScreen {
  const nothing = () => undefined
  return {begin: nothing, update: nothing, note: nothing, close: async () => undefined}
}
