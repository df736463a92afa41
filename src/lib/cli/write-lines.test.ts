import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {tempFolder} from '../../../test/helpers/temp-folder.ts'
import {writeLinesToFile} from './write-lines.ts'

async function* lines(texts: string[], error?: Error) {
  yield* texts
  if (error) throw error
}

test('the file holds the lines, for the owner alone', async () => {
  const path = join(tempFolder(), 'out.jsonl')

  expect(await writeLinesToFile(lines(['one', 'two']), path)).toBe(2)
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
  expect(statSync(path).mode & 0o077).toBe(0)
})

test('what fails half way leaves the old file, and nothing else', async () => {
  const folder = tempFolder()
  const path = join(folder, 'out.jsonl')
  writeFileSync(path, 'before\n')

  await expect(writeLinesToFile(lines(['one'], new Error('gone')), path)).rejects.toThrow('gone')
  expect(readFileSync(path, 'utf8')).toBe('before\n')
  expect(readdirSync(folder)).toEqual(['out.jsonl'])
})
