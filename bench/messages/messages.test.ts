import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {claudeCode} from '../../src/lib/capture/transcripts/claude-code.ts'
import {normalizeMessage} from '../../src/lib/model/normalize-message.ts'
import {tempFolder} from '../../test/helpers/temp-folder.ts'
import {writeClaudeCodeHistory} from './claude-code-history.ts'
import {generateMessages} from './conversations.ts'

test('the same seed says the same, another seed something else', () => {
  const [a, b, c] = [1, 1, 2].map((seed) => JSON.stringify([...generateMessages({count: 200, seed})]))

  expect(a).toBe(b)
  expect(a).not.toBe(c)
})

test('it is what coding tools and people write: turns, calls, results, errors, code, paths, CJK', () => {
  const messages = [...generateMessages({count: 5_000})]
  const text = messages.map(({content}) => content).join('\n')
  const roles = Map.groupBy(messages, ({role}) => role)

  expect(messages.every((message) => normalizeMessage(message, new Date()).truncated === false)).toBe(true)
  expect(new Set(messages.map(({uuid}) => uuid)).size).toBe(5_000)
  expect([...roles.keys()].sort()).toEqual(['assistant', 'tool', 'user'])
  expect(messages.filter(({status}) => status === 'error').length).toBeGreaterThan(50)
  expect(text).toMatch(/TypeError|ECONNREFUSED/)
  expect(text).toMatch(/src\/\w+/)
  expect(text).toMatch(/[\u4e00-\u9fff]/)
})

test('some words are everywhere and most are rare', () => {
  const words = [...generateMessages({count: 2_000})].flatMap(
    ({content = ''}) => content.match(/\b[a-z]{3,}\b/g) ?? [],
  )
  const counts = [...Map.groupBy(words, (word) => word).values()].map((group) => group.length)

  expect(Math.max(...counts)).toBeGreaterThan(words.length / 100)
  expect(counts.filter((count) => count === 1).length).toBeGreaterThan(counts.length / 4)
})

test('a history holds exactly the messages that it says', () => {
  const folder = join(tempFolder(), 'projects')
  const written = writeClaudeCodeHistory(folder, {bytes: 1_000_000, count: 2_000})
  const files = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter((name) =>
    name.endsWith('.jsonl'),
  )
  const lines = files.flatMap((name) => {
    const parser = claudeCode.openParser({path: name}, {projectOf: () => undefined})
    return readFileSync(join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => parser.parseLine(line))
  })

  expect(existsSync(folder)).toBe(true)
  expect(files).toHaveLength(written.files)
  expect(lines.filter(({kind}) => kind === 'message')).toHaveLength(written.messages)
  expect(lines.filter(({kind}) => kind === 'bad')).toEqual([])
  expect(written.bytes).toBeGreaterThan(1_000_000)
})
