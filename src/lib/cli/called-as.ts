import {accessSync, constants} from 'node:fs'
import {delimiter, isAbsolute, join, relative} from 'node:path'
import type {Environment} from '../config/environment.ts'
import {quoteForShell} from './shell-quote.ts'

export interface Invocation {
  execPath: string
  argv: readonly string[]
  cwd: string
}

/**
 * What a person types in another terminal to call this very program, so that what bmfote prints works as printed: its
 * name where a shell finds it, else the path that it was started by.
 */
export function calledAs(environment: Environment, own: Invocation = ownInvocation()): string {
  const home = environment.BMFOTE_HOME ? [`BMFOTE_HOME=${quoteForShell(environment.BMFOTE_HOME)}`] : []
  return [...home, ...programWords(environment, own)].join(' ')
}

function programWords(environment: Environment, {execPath, argv, cwd}: Invocation): string[] {
  const script = argv[1] ?? ''
  if (script.endsWith('run.ts')) return [execPath, script].map((path) => pathFrom(cwd, path))
  if (environment.npm_command === 'exec') return ['npx', 'bmfote']
  return [shellFinds('bmfote', environment) ? 'bmfote' : pathFrom(cwd, execPath)]
}

function ownInvocation(): Invocation {
  return {execPath: process.execPath, argv: process.argv, cwd: process.cwd()}
}

function pathFrom(cwd: string, path: string): string {
  const fromHere = relative(cwd, path)
  const isBelow = !fromHere.startsWith('..') && !isAbsolute(fromHere)
  return quoteForShell(isBelow ? `./${fromHere}` : path)
}

/** npm puts folders of its own on the PATH of what it runs; another terminal doesn't have them. */
function shellFinds(name: string, environment: Environment): boolean {
  const folders = (environment.PATH ?? '').split(delimiter)
  return folders.some((folder) => !folder.includes('node_modules') && isExecutable(join(folder, name)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isAbsolute(path)
  } catch {
    return false
  }
}
