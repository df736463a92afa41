import {BmfoteError} from '../model/errors.ts'

/** Above this nobody means to remember it: content is cut at 50,000 characters anyway. */
const STDIN_BYTES_MAX = 10 * 1024 * 1024

/** Everything on standard input, as text. */
export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin) {
    chunks.push(Buffer.from(chunk))
    bytes += chunk.length
    if (bytes > STDIN_BYTES_MAX) {
      throw new BmfoteError('too_large', 'Standard input holds more than 10 MB.', {
        next: 'bmfote import jsonl takes files of any size.',
      })
    }
  }
  return Buffer.concat(chunks).toString('utf8')
}
