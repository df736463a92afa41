import {appendFileSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {resolvePaths} from '../config/environment.ts'
import {processEnvironment} from '../config/process-environment.ts'
import {PRODUCT} from '../config/product.ts'
import {safeJson, safeText} from '../ui/text/safe-text.ts'
import {EXIT_CODES} from './exit-codes.ts'
import {describeFailure, type Failure} from './failure.ts'

/** Says what went wrong (`--json`: one document on stdout; else a sentence on stderr) and gives the exit code. */
export function reportFailure(error: unknown, {json}: {json: boolean}): number {
  const exit = exitOf(error)
  if (exit !== undefined) return exit
  const failure = describeFailure(error)
  if (failure.exitCode === EXIT_CODES.ourBug) failure.next = noteBug(error)
  const {sentence, code, next} = failure
  if (json) process.stdout.write(`${safeJson({error: sentence, code, next}, 2)}\n`)
  else process.stderr.write(`${safeText(asText(failure))}\n`)
  return failure.exitCode
}

/** `this.exit(code)` of a command that has already said what there was to say. */
function exitOf(error: unknown): number | undefined {
  const {code, oclif} = error as {code?: unknown; oclif?: {exit?: number}}
  return code === 'EEXIT' ? (oclif?.exit ?? EXIT_CODES.userCanFix) : undefined
}

function asText({sentence, next}: Failure): string {
  return next === undefined ? sentence : `${sentence}\n→ ${next}`
}

/** The stack goes to a file: it helps whoever mends it, and frightens everybody else. */
function noteBug(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error)
  const file = join(resolvePaths(processEnvironment()).logs, 'errors.log')
  try {
    mkdirSync(join(file, '..'), {recursive: true, mode: 0o700})
    appendFileSync(file, `${new Date().toISOString()} bmfote ${PRODUCT.version}\n${stack}\n\n`, {mode: 0o600})
    return `please report it with the end of ${file}: ${PRODUCT.source}/issues`
  } catch {
    return `please report it: ${PRODUCT.source}/issues\n${stack}`
  }
}
