import {execFile} from 'node:child_process'
import {appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {ROOT} from './source-files.ts'

const TIMEOUT_MS = 120_000

test('every generated file is up to date', {timeout: TIMEOUT_MS}, async () => {
  expect(await generate(ROOT, '--check')).toEqual({
    code: 0,
    stdout: 'Every generated file is up to date.\n',
  })
})

test('a change by hand is noticed, and generating takes it back', {timeout: TIMEOUT_MS}, async () => {
  const copy = mkdtempSync(join(tmpdir(), 'bmfote-generate-'))
  onTestFinished(() => rmSync(copy, {recursive: true, force: true}))
  for (const path of ['bin', 'docs', 'schema', 'scripts', 'src', 'package.json', 'tsconfig.json']) {
    cpSync(join(ROOT, path), join(copy, path), {recursive: true})
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  await generate(copy)
  const generated = readFileSync(join(copy, 'docs/cli.md'), 'utf8')
  appendFileSync(join(copy, 'docs/cli.md'), 'By hand.\n')
  appendFileSync(join(copy, 'schema/openapi.json'), '\n')

  const checked = await generate(copy, '--check')

  expect(checked.code).toBe(1)
  expect(checked.stdout).toMatch(
    /^out of date: schema\/openapi\.json\nout of date: docs\/cli\.md\nRun `npm run generate`/,
  )

  await generate(copy)

  expect(readFileSync(join(copy, 'docs/cli.md'), 'utf8')).toBe(generated)
})

function generate(root: string, ...args: string[]): Promise<{code: number; stdout: string}> {
  return new Promise((done) => {
    execFile(
      join(ROOT, 'node_modules/.bin/bun'),
      [join(root, 'scripts/generate.ts'), ...args],
      (error, stdout) => {
        done({code: error ? Number(error.code ?? 1) : 0, stdout})
      },
    )
  })
}
