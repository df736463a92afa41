import {reportFailure} from './report-failure.ts'

/**
 * Output goes through `process.stdout`: console.log never learns that the disk is full. Whoever has stopped reading
 * (`| head`) has what they wanted: that is success.
 */
export function watchStdout(options: {json: boolean}): void {
  process.stdout.on('error', (error) => {
    process.exit('code' in error && error.code === 'EPIPE' ? 0 : reportFailure(error, options))
  })
}

/** Text for stdout, whole: a line end is added. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

/**
 * Waits until the reader has everything. `process.exit` drops what a slow pipe has not taken yet, and to wait for an
 * empty event loop would hang on every handle that somebody forgot.
 */
export async function finishStdout(): Promise<void> {
  await new Promise<void>((resolve) => process.stdout.end(resolve))
  // An error of the last write is told after the end of the stream.
  await new Promise<void>((resolve) => setImmediate(resolve))
}
