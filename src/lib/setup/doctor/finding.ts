import type {ClientConfig, Environment} from '../../config/environment.ts'
import type {Manifest} from '../manifest.ts'
import type {OwnProgram} from '../program.ts'
import type {SetupContext, Tool} from '../tool.ts'

export interface Finding {
  /** What was looked at. */
  check: string
  state: 'ok' | 'warning' | 'problem'
  sentence: string
  /** What to do about it: a sentence or a command. */
  fix?: string
  /** Does it; only for what can do no harm. */
  mend?: () => Promise<void>
}

/** What the checks look at. */
export interface Patient {
  environment: Environment
  /** As the files say; what the environment says instead is in `effective`. */
  context: SetupContext
  effective: ClientConfig
  program: OwnProgram
  manifest: Manifest
  /** Those that were set up. */
  tools: readonly Tool[]
  /** Delivers what waits in the spool. */
  deliver: () => Promise<void>
  now: () => Date
}

export type Check = (patient: Patient) => Promise<Finding[]>
