import type {ErrorCode} from '../model/errors.ts'

/** A stable interface: scripts go by these. `agent run` adds codes of its own. */
export const EXIT_CODES = {
  done: 0,
  /** Something that the person can put right: a wrong address, a full disk, no such message. */
  userCanFix: 1,
  /** The command line itself is wrong. */
  wrongUsage: 2,
  /** A defect of bmfote (EX_SOFTWARE of sysexits.h). */
  ourBug: 70,
} as const

/** How a run of an agent has ended, for scripts. */
export const RUN_EXIT_CODES = {
  done: 0,
  failed: 1,
  refused: 10,
  budget_reached: 11,
  timeout: 12,
  retries_exhausted: 13,
  memory_unreachable: 14,
  interrupted: 130,
} as const

export function exitCodeFor(code: ErrorCode): number {
  if (code === 'internal') return EXIT_CODES.ourBug
  if (code === 'invalid_input') return EXIT_CODES.wrongUsage
  return EXIT_CODES.userCanFix
}
