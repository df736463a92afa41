import {Errors} from '@oclif/core'
import {BmfoteError, type ErrorCode} from '../model/errors.ts'
import {EXIT_CODES, exitCodeFor} from './exit-codes.ts'

/** An error as the person gets it. */
export interface Failure {
  code: ErrorCode
  sentence: string
  next?: string
  exitCode: number
}

export function describeFailure(error: unknown): Failure {
  if (error instanceof BmfoteError) {
    return {code: error.code, sentence: error.message, next: error.next, exitCode: exitCodeFor(error.code)}
  }
  if (error instanceof Errors.CLIError) {
    return {code: 'invalid_input', sentence: error.message, exitCode: EXIT_CODES.wrongUsage}
  }
  return describeSystemError(error) ?? describeBug()
}

/** What the machine refuses, and the person can put right. */
function describeSystemError(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined
  const code = (error as NodeJS.ErrnoException).code
  const refusal = code === undefined ? undefined : SYSTEM_REFUSALS[code]
  if (refusal === undefined) return undefined
  return {code: 'unavailable', sentence: `${refusal}: ${error.message}`, exitCode: EXIT_CODES.userCanFix}
}

/** Of the system's error codes those that the person can do something about. */
const SYSTEM_REFUSALS: Record<string, string> = {
  EACCES: 'Not allowed',
  EPERM: 'Not allowed',
  EROFS: 'The disk is read-only',
  ENOSPC: 'The disk is full',
  EDQUOT: 'The disk is full',
  ENOENT: 'No such file or folder',
  EISDIR: 'A folder where a file was expected',
  ENOTDIR: 'A file where a folder was expected',
  EADDRINUSE: 'The port is in use',
}

function describeBug(): Failure {
  return {
    code: 'internal',
    sentence: 'Something went wrong inside bmfote, and it is not your doing.',
    exitCode: EXIT_CODES.ourBug,
  }
}
