import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {resolvePaths} from '../../src/lib/config/environment.ts'
import type {FileSystem} from '../../src/lib/setup/file-system.ts'
import type {OwnProgram} from '../../src/lib/setup/program.ts'
import type {Connection, SetupContext} from '../../src/lib/setup/tool.ts'
import {quickFileSystem} from './failing-file-system.ts'

export const SERVER: Connection = {
  url: 'https://memory.example.com',
  token: 'a-long-random-word',
  author: 'Ana Lima',
}

export interface ContextOptions {
  environment?: Record<string, string>
  connection?: Connection
  fs?: FileSystem
}

export function setupContext(home: string, options: ContextOptions = {}): SetupContext {
  return {
    paths: resolvePaths({HOME: home, ...options.environment}),
    connection: options.connection ?? SERVER,
    programFolders: [],
    fs: options.fs ?? quickFileSystem,
  }
}

/** Stands for the running program where it is only copied and asked for its version. */
export function fakeProgram(folder: string, version = '1.2.3'): OwnProgram {
  const path = join(folder, `bmfote-${version}`)
  writeText(path, `#!/bin/sh\necho '{"version": "${version}"}'\n`, 0o755)
  return {path, version}
}

export function writeText(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, text)
  chmodSync(path, mode)
}
