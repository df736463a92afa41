import {createInterface} from 'node:readline/promises'

/** Asks on the terminal; only a plain yes is one. */
export async function confirm(question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(`${question} [y/N]`))
}

/** What is typed in answer. Ctrl-C and Ctrl-D are an empty one. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({input: process.stdin, output: process.stderr})
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')))
  terminal.once('SIGINT', () => terminal.close())
  const answer = await Promise.race([terminal.question(`${question} `), closed])
  terminal.close()
  return answer.trim()
}
