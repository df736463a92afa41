import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {
  ParsedLine,
  TranscriptOptions,
  TranscriptSource,
} from '../../src/lib/capture/transcripts/source.ts'
import {TRANSCRIPT_SOURCES} from '../../src/lib/capture/transcripts/sources.ts'
import {resolvePaths} from '../../src/lib/config/environment.ts'
import {normalizeMessage} from '../../src/lib/model/normalize-message.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))
const OPTIONS: TranscriptOptions = {workspaceId: 'w', author: 'dev', machine: 'box', projectOf: () => 'acme'}

/** Every source of history holds to this. A new one needs a line in the list and a folder of fixtures. */
describe.each(TRANSCRIPT_SOURCES.map((source) => ({name: source.name, source})))(
  '$name',
  ({name, source}) => {
    const files = fixturesOf(source)

    test('has fixtures', () => {
      expect(files.length).toBeGreaterThan(0)
    })

    test('keeps its history below the home of whoever asks', () => {
      expect(source.folder(resolvePaths({HOME: '/home/dev'}))).toMatch(/^\/home\/dev\//)
    })

    test('reads every line of its fixtures, and every message is one that the memory takes', () => {
      const messages = files.flatMap((file) => {
        const lines = parseAll(source, file)
        expect(lines.filter(({kind}) => kind === 'bad')).toEqual([])
        const found = lines.filter((line) => line.kind === 'message')
        expect(found, file).not.toEqual([])
        return found.map(({message}) => message)
      })

      for (const message of messages) {
        const normal = normalizeMessage(message, new Date(0))
        expect(normal).toMatchObject({
          source: name,
          workspaceId: 'w',
          author: 'dev',
          machine: 'box',
          project: 'acme',
        })
        expect(['user', 'assistant']).toContain(normal.type)
        expect(normal.timestampMs).toBeGreaterThan(0)
        expect(normal.content).not.toBe('')
      }
    })

    test('gives the same uuid for the same line, and another for another line of the file', () => {
      for (const file of files) {
        const uuids = parseAll(source, file).flatMap((line) =>
          line.kind === 'message' ? [line.message.uuid] : [],
        )
        expect(new Set(uuids).size).toBe(uuids.length)
        expect(parseAll(source, file)).toEqual(parseAll(source, file))
      }
    })

    test('goes on after any line as if it had never stopped', () => {
      for (const file of files) {
        const whole = parseAll(source, file)
        for (let stop = 0; stop <= whole.length; stop += 7) {
          expect(parseAll(source, file, {stop})).toEqual(whole)
        }
      }
    })

    test('takes any state for what it is, or for none', () => {
      fc.assert(
        fc.property(fc.jsonValue(), (state) => {
          const parser = source.openParser({path: '/h/a.jsonl'}, OPTIONS, state)
          expect(JSON.parse(JSON.stringify(parser.state()))).toBeInstanceOf(Object)
        }),
      )
    })

    test('never fails, whatever a line holds', () => {
      const bytes = fc.uint8Array({maxLength: 300}).map((array) => Buffer.from(array).toString('utf8'))
      const json = fc.jsonValue().map((value) => JSON.stringify(value))
      const damaged = damagedLines(files)

      fc.assert(
        fc.property(fc.oneof(bytes, json, damaged), (line) => {
          const parser = source.openParser({path: '/h/a.jsonl'}, OPTIONS)
          expect(['message', 'skipped', 'bad']).toContain(parser.parseLine(line).kind)
        }),
        {numRuns: 2_000},
      )
    })
  },
)

test('every folder of fixtures that a source is named after has one', () => {
  const names = TRANSCRIPT_SOURCES.map(({name}) => name)

  expect(names.filter((name) => existsSync(join(FIXTURES, name)))).toEqual(names)
})

function fixturesOf(source: TranscriptSource): string[] {
  const folder = join(FIXTURES, source.name)
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && source.isTranscript(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n')
}

/** With `stop`: another parser takes over after so many lines, from the state as it is kept in a file. */
function parseAll(source: TranscriptSource, file: string, options: {stop?: number} = {}): ParsedLine[] {
  let parser = source.openParser({path: file}, OPTIONS)
  return linesOf(file).map((line, index) => {
    if (index === options.stop) {
      parser = source.openParser({path: file}, OPTIONS, JSON.parse(JSON.stringify(parser.state())))
    }
    return parser.parseLine(line)
  })
}

/** Real lines in which one value was replaced by something else. */
function damagedLines(files: string[]): fc.Arbitrary<string> {
  const lines = files.flatMap(linesOf)
  const replacement = fc.oneof(fc.jsonValue(), fc.constant(undefined))
  return fc.tuple(fc.constantFrom(...lines), fc.nat(), replacement).map(([line, position, value]) => {
    let seen = 0
    const count = JSON.stringify(JSON.parse(line, () => seen++)).length > 0 ? seen : 1
    let at = 0
    return JSON.stringify(JSON.parse(line, (_, old) => (at++ === position % count ? value : old))) ?? 'null'
  })
}
