import {delimiter, resolve} from 'node:path'
import {type Environment, resolvePaths} from '../config/environment.ts'
import {PRODUCT} from '../config/product.ts'
import {realFileSystem} from '../setup/file-system.ts'
import type {OwnProgram} from '../setup/program.ts'
import type {Connection, SetupContext} from '../setup/tool.ts'

/** What is written into other programs' files holds wherever they are started: the places are absolute. */
export function setupContext(environment: Environment, connection: Connection = {}): SetupContext {
  const folders = ['HOME', 'BMFOTE_HOME', 'CLAUDE_CONFIG_DIR', 'XDG_CONFIG_HOME'].flatMap((name) => {
    const folder = environment[name]
    return folder ? [[name, resolve(folder)]] : []
  })
  return {
    paths: resolvePaths(Object.fromEntries(folders)),
    connection,
    programFolders: (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    fs: realFileSystem,
  }
}

/** This very program; from source, it is bun with the script that it runs. */
export function ownProgram(): OwnProgram {
  const script = process.argv[1] ?? ''
  const fromSource = script.endsWith('run.ts')
  return {
    version: PRODUCT.version,
    path: process.execPath,
    ...(fromSource ? {args: [resolve(script)]} : {}),
  }
}
