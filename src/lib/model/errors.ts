/**
 * What went wrong, for a program (`code`), for a person (`message`) and what to do about it (`next`).
 * The core never speaks of HTTP statuses or exit codes: server/http-errors.ts and cli/exit-codes.ts map the code.
 */
export const ERROR_CODES = [
  'invalid_input',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'rate_limited',
  'unavailable',
  'database_busy',
  'database_full',
  'database_too_new',
  'database_foreign',
  'database_corrupt',
  'internal',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export interface ErrorShape {
  code: ErrorCode
  message: string
  /** What the reader can do now: a sentence, or a command to type. */
  next?: string
  /** Seconds after which a repeat makes sense, for `rate_limited`, `unavailable` and `database_busy`. */
  retryAfterSeconds?: number
  /** What it came from, for the log alone. */
  detail?: string
}

export class BmfoteError extends Error {
  override readonly name = 'BmfoteError'
  readonly code: ErrorCode
  readonly next?: string
  readonly retryAfterSeconds?: number

  constructor(
    code: ErrorCode,
    message: string,
    options: {next?: string; retryAfterSeconds?: number; cause?: unknown} = {},
  ) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.code = code
    this.next = options.next
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  /** Plain data, for a border that an Error object does not cross whole (worker threads). */
  toShape(): ErrorShape {
    return {
      code: this.code,
      message: this.message,
      next: this.next,
      retryAfterSeconds: this.retryAfterSeconds,
      detail: this.cause instanceof Error ? this.cause.stack : undefined,
    }
  }

  static fromShape(shape: ErrorShape): BmfoteError {
    const cause = shape.detail === undefined ? undefined : new Error(shape.detail)
    return new BmfoteError(shape.code, shape.message, {...shape, cause})
  }
}
