import {execFile} from 'node:child_process'
import {copyFileSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {inject} from 'vitest'
import {clientExports, writeClientFiles} from '../../../scripts/build/client-package.ts'
import {ROOT} from '../../repo/source-files.ts'

/** Node's modules for somebody's program: the SDKs, and the client as npm installs it. */
export function installModules(folder: string): void {
  const modules = join(folder, 'node_modules')
  const client = join(modules, 'bmfote-client')
  mkdirSync(modules, {recursive: true})
  writeClientFiles(client)
  const manifest = {name: 'bmfote-client', type: 'module', exports: {'.': clientExports('')}}
  writeFileSync(join(client, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  symlinkSync(join(inject('sdks'), '@anthropic-ai'), join(modules, '@anthropic-ai'))
  mkdirSync(join(modules, '@types'))
  symlinkSync(join(ROOT, 'node_modules', '@types', 'node'), join(modules, '@types', 'node'))
}

export function installExample(name: string, folder: string): string {
  const file = join(folder, name.replace(/^.*\//, ''))
  copyFileSync(join(ROOT, 'examples', name), file)
  return file
}

/** Runs a program in Node until it ends by itself. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: {cwd: string; env: Record<string, string>},
): Promise<{stdout: string; stderr: string}> {
  return promisify(execFile)(process.execPath, [file, ...args], {...options, timeout: 110_000})
}
