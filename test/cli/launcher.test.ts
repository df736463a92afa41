import {chmodSync, cpSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import platforms from '../../bin/platforms.json' with {type: 'json'}
import {runBinary, startBinary} from '../helpers/run-binary.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

const BIN = fileURLToPath(new URL('../../bin', import.meta.url))
const binary = process.execPath

describe('the npm launcher', () => {
  test('hands on name, arguments, input, output and exit code', async () => {
    const home = tempHome()
    const program = writeProgram(home, 'echo "$0 [$*] $(cat)"; exit 3')

    const result = await runBinary([join(BIN, 'bmfote.js'), 'search', 'two words', '--json'], {
      home,
      binary,
      env: {BMFOTE_BINARY: program},
      stdin: 'from outside',
    })

    expect(result).toMatchObject({stdout: `${program} [search two words --json] from outside\n`, exitCode: 3})
  })

  test('the second name reaches the program', async () => {
    const home = tempHome()
    const asked = await runBinary([join(BIN, 'bmfote-agent.js'), '--help'], {
      home,
      binary,
      env: {BMFOTE_BINARY: fileURLToPath(new URL('../../dist/bmfote', import.meta.url))},
    })

    expect(asked.stdout).toContain('$ bmfote agent COMMAND')
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s reaches the program, which ends in its own time',
    async (signal) => {
      const home = tempHome()
      const program = writeProgram(
        home,
        `trap 'echo stopped; exit 5' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`,
      )
      const child = startBinary([join(BIN, 'bmfote.js')], {home, binary, env: {BMFOTE_BINARY: program}})
      let stdout = ''
      child.stdout.on('data', (chunk) => {
        stdout += chunk
        if (stdout === 'ready\n') child.kill(signal)
      })

      const exitCode = await new Promise((resolve) => child.on('close', resolve))

      expect({stdout, exitCode}).toEqual({stdout: 'ready\nstopped\n', exitCode: 5})
    },
  )

  test('a program that a signal has ended looks so from outside', async () => {
    const home = tempHome()
    const program = writeProgram(home, 'kill -TERM $$')

    expect(
      await runBinary([join(BIN, 'bmfote.js')], {home, binary, env: {BMFOTE_BINARY: program}}),
    ).toMatchObject({
      exitCode: null,
      signal: 'SIGTERM',
    })
  })

  test('without its platform package it says how that came, and what to do', async () => {
    const home = tempHome()
    const {stderr, exitCode} = await runBinary([installLaunchers(home)], {home, binary})

    expect(stderr).toContain(
      "bmfote's program for this machine is not installed: it comes in the package @bmfote/",
    )
    expect(stderr).toContain('→ install bmfote again on this machine')
    expect(exitCode).toBe(1)
  })

  test('on a machine that nothing is built for it names those that there are', async () => {
    const home = tempHome()
    const launcher = installLaunchers(home)
    writeFileSync(
      join(launcher, '..', 'platforms.json'),
      '[{"name": "plan9-mips", "os": "plan9", "cpu": "mips"}]',
    )
    const {stderr, exitCode} = await runBinary([launcher], {home, binary})

    expect(stderr).toMatch(
      /^bmfote has no program for this machine \(.+\)\. There is one for: plan9 mips\.\n→ /,
    )
    expect(exitCode).toBe(1)
  })

  test('finds the platform package beside it', async () => {
    const home = tempHome()
    const launcher = installLaunchers(home)
    const here = platforms.find(({os, cpu}) => os === process.platform && cpu === process.arch)
    const folder = join(home.path, 'node_modules', '@bmfote', here?.name ?? '')
    mkdirSync(folder, {recursive: true})
    writeFileSync(join(folder, 'package.json'), '{}')
    cpSync(writeProgram(home, 'echo found'), join(folder, 'bmfote'))

    expect(await runBinary([launcher], {home, binary})).toMatchObject({stdout: 'found\n', exitCode: 0})
  })

  test('a program that can not be started is told by name', async () => {
    const home = tempHome()
    const {stderr, exitCode} = await runBinary([join(BIN, 'bmfote.js')], {
      home,
      binary,
      env: {BMFOTE_BINARY: '/nowhere/bmfote'},
    })

    expect(stderr).toMatch(/^\/nowhere\/bmfote could not be started: /)
    expect(exitCode).toBe(1)
  })
})

function writeProgram(home: TempHome, script: string): string {
  const path = join(home.path, 'program')
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

/** As npm puts them: below node_modules, with nothing else of this repository in reach. */
function installLaunchers(home: TempHome): string {
  const folder = join(home.path, 'node_modules', 'bmfote')
  cpSync(BIN, join(folder, 'bin'), {recursive: true})
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  return join(folder, 'bin', 'bmfote.js')
}
