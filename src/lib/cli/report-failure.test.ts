import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Errors} from '@oclif/core'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {BmfoteError} from '../model/errors.ts'
import {reportFailure} from './report-failure.ts'

let home: string
let stdout: string
let stderr: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bmfote-report-'))
  vi.stubEnv('BMFOTE_HOME', home)
  stdout = ''
  stderr = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text
    return true
  })
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(home, {recursive: true, force: true})
})

describe('reportFailure', () => {
  test('the sentence, then the next step', () => {
    const error = new BmfoteError('not_found', 'No message with that uuid.', {next: 'bmfote recent'})

    expect(reportFailure(error, {json: false})).toBe(1)
    expect({stdout, stderr}).toEqual({stdout: '', stderr: 'No message with that uuid.\n→ bmfote recent\n'})
  })

  test('under --json one document on stdout and nothing beside it', () => {
    expect(reportFailure(new BmfoteError('unavailable', 'No answer.', {next: 'wait'}), {json: true})).toBe(1)
    expect(JSON.parse(stdout)).toEqual({error: 'No answer.', code: 'unavailable', next: 'wait'})
    expect(stderr).toBe('')
  })

  test.each([
    [new BmfoteError('invalid_input', 'x'), 2],
    [new Errors.CLIError('x'), 2],
    [new BmfoteError('database_busy', 'x'), 1],
    [new BmfoteError('internal', 'x'), 70],
    [new TypeError('x'), 70],
    [Object.assign(new Error('EACCES: permission denied, open /x'), {code: 'EACCES'}), 1],
  ])('%o ends with %i', (error, exitCode) => {
    expect(reportFailure(error, {json: false})).toBe(exitCode)
  })

  test('a command that has said everything itself only sets its exit code', () => {
    expect(reportFailure(new Errors.ExitError(7), {json: false})).toBe(7)
    expect({stdout, stderr}).toEqual({stdout: '', stderr: ''})
  })

  test('a defect of ours: a sentence for the person, the stack for the log, which only they can read', () => {
    const bug = new TypeError('undefined is not a function')
    expect(reportFailure(bug, {json: false})).toBe(70)

    const log = join(home, 'logs', 'errors.log')
    expect(stderr).toContain('Something went wrong inside bmfote')
    expect(stderr).toContain(log)
    expect(stderr).not.toContain('undefined is not a function')
    expect(readFileSync(log, 'utf8')).toContain('TypeError: undefined is not a function\n    at ')
    expect(statSync(log).mode & 0o777).toBe(0o600)
  })

  test('where no log can be written, the stack is shown after all', () => {
    writeFileSync(join(home, 'logs'), 'a file where the folder should be')
    expect(reportFailure(new TypeError('lost otherwise'), {json: false})).toBe(70)
    expect(stderr).toContain('TypeError: lost otherwise')
  })
})
