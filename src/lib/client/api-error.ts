/** Answers that are about the question, not about the server: asking something else works. */
const REFUSED_QUESTIONS = new Set([400, 404, 413, 422])

/** The server refused a request, or could not be reached (`status` 0, `code` `unavailable`). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly next?: string
  readonly retryAfterSeconds?: number

  constructor(
    message: string,
    details: {status: number; code: string; next?: string; retryAfterSeconds?: number; cause?: unknown},
  ) {
    super(message, {cause: details.cause})
    this.status = details.status
    this.code = details.code
    this.next = details.next
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}

/** Whether it is the question's fault, not the server's. */
export function isRefusedQuestion(error: unknown): error is ApiError {
  return error instanceof ApiError && REFUSED_QUESTIONS.has(error.status)
}
