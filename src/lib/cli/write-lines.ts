import {once} from 'node:events'
import {createWriteStream} from 'node:fs'
import {rename, rm} from 'node:fs/promises'
import {pipeline} from 'node:stream/promises'

/** As fast as the reader takes them: a long export is never in memory whole. */
export async function writeLinesToStdout(lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
  }
}

/** The file is there when it is whole; until then what stood there before stays. Gives how many lines there are. */
export async function writeLinesToFile(lines: AsyncIterable<string>, path: string): Promise<number> {
  const unfinished = `${path}.${process.pid}.tmp`
  let count = 0
  async function* counted() {
    for await (const line of lines) {
      count += 1
      yield `${line}\n`
    }
  }
  try {
    // What people say to their tools is not for the other users of the machine.
    await pipeline(counted, createWriteStream(unfinished, {mode: 0o600}))
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, {force: true})
    throw error
  }
  return count
}
