import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {parse} from 'dotenv'
import {BmfoteError} from '../model/errors.ts'
import type {Environment} from './environment.ts'

/**
 * The environment with what a file says of it; the environment itself wins.
 * @throws invalid_input when the file can't be read
 */
export function withEnvFile(environment: Environment, path: string): Environment {
  try {
    return {...parse(readFileSync(path)), ...environment}
  } catch (error) {
    throw new BmfoteError('invalid_input', `The file ${path} can't be read.`, {
      next: 'Name a file of lines NAME=value with --env-file.',
      cause: error,
    })
  }
}

/** What makes a server another one: to overlook it would serve the wrong memory, or to everybody. */
const TELLING = /^(TURSO_\w+|API_TOKEN)$/

/** The names (never the values) that a `.env` in this folder has for a server which does not read it. */
export function unreadNames(folder: string, environment: Environment): string[] {
  let text: Buffer
  try {
    text = readFileSync(join(folder, '.env'))
  } catch {
    // No such file, or none that we may read: then nobody expects us to.
    return []
  }
  const names = Object.entries(parse(text)).filter(([, value]) => value !== '')
  return names.map(([name]) => name).filter((name) => TELLING.test(name) && !environment[name])
}
