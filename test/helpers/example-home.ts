import {chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {openLocalMemory} from '../../src/lib/memory/local-memory.ts'
import {SHARED_PRINCIPAL} from '../../src/lib/model/principal.ts'
import {BINARY} from './run-binary.ts'
import type {TempHome} from './temp-home.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures/claude-code', import.meta.url))
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/**
 * Makes an empty home one that examples of the documentation can run in: every uuid that they name is a message, the
 * files that they read are there, and `bmfote` is in the PATH.
 */
export async function furnishForExamples(home: TempHome, examples: readonly string[]): Promise<void> {
  putInPath(home, examples)
  cpSync(FIXTURES, join(home.path, '.claude', 'projects'), {recursive: true})
  cpSync(FIXTURES, join(home.path, 'old-laptop', 'projects'), {recursive: true})
  writeFileSync(join(home.path, 'notes.md'), '# Notes\n\nThe trial lasts 14 days.\n')
  await fillMemory(join(home.bmfote, 'memory.db'), examples)
}

async function fillMemory(path: string, examples: readonly string[]): Promise<void> {
  const memory = await openLocalMemory({path})
  const uuids = new Set(examples.join('\n').match(UUID) ?? [])
  const named = [...uuids].map((uuid) => ({
    uuid,
    sessionId: uuid,
    project: 'webshop',
    content: 'What was the ICP? Law firms. The deploy failed: connection refused',
  }))
  const caller = {principal: SHARED_PRINCIPAL, requestId: 'test', reason: 'test'}
  const projects = ['webshop', 'web-shop'].map((project) => ({
    ...{uuid: project, sessionId: project, project},
    content: 'The checkout is slow.',
  }))
  const first = {uuid: 'first', sessionId: 'first', content: 'Hello'}
  await memory.recordMessages(caller, [...named, ...projects, first])
  await memory.close()
}

/** `claude`, where an example calls it, stands for "run what I am told to register, until its input ends". */
function putInPath(home: TempHome, examples: readonly string[]): void {
  const bin = join(home.path, 'bin')
  mkdirSync(bin)
  for (const name of ['bmfote', 'bmfote-agent']) symlinkSync(join(BINARY, '..', name), join(bin, name))
  if (examples.some((example) => example.startsWith('claude '))) {
    const script = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@" < /dev/null\n'
    writeFileSync(join(bin, 'claude'), script)
    chmodSync(join(bin, 'claude'), 0o755)
  }
  // A password manager that knows the token.
  writeFileSync(join(bin, 'pass'), '#!/bin/sh\necho TOKEN\n', {mode: 0o755})
  home.env.PATH = [bin, home.env.PATH].join(delimiter)
}
