import {randomBytes} from 'node:crypto'
import {promises as fs} from 'node:fs'
import {dirname} from 'node:path'

export interface WriteOptions {
  /** Default 0600: what we write next to a memory is as private as the memory. */
  mode?: number
}

/** The file is the old one or the new one, never a part; its folder is made when it is not there. */
export async function writeFileAtomically(
  path: string,
  text: string,
  options: WriteOptions = {},
): Promise<void> {
  await fs.mkdir(dirname(path), {recursive: true, mode: 0o700})
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await fs.writeFile(temporary, text, {mode: options.mode ?? 0o600, flush: true})
    await fs.rename(temporary, path)
  } catch (error) {
    await fs.rm(temporary, {force: true})
    throw error
  }
}
