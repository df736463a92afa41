import {createInterface} from 'node:readline/promises'

/** Asks on the terminal; only a plain yes is one. Ctrl-C and Ctrl-D are a no. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({input: process.stdin, output: process.stderr})
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  terminal.once('SIGINT', () => terminal.close())
  const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed])
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}
