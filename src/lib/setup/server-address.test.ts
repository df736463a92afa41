import {describe, expect, test} from 'vitest'
import {readServerAddress} from './server-address.ts'

describe('an address as people type it', () => {
  test.each([
    ['https://memory.example.com', 'https://memory.example.com', []],
    ['https://memory.example.com/', 'https://memory.example.com', ['slash']],
    [' https://Memory.Example.com ', 'https://memory.example.com', []],
    ['memory.example.com', 'https://memory.example.com', ['no scheme']],
    ['memory.example.com:8443/', 'https://memory.example.com:8443', ['no scheme', 'slash']],
    ['127.0.0.1:8026', 'http://127.0.0.1:8026', ['no scheme']],
    ['localhost:8026', 'http://localhost:8026', ['no scheme']],
    ['https://example.com/bmfote/', 'https://example.com/bmfote', ['slash']],
    ['https://memory.example.com/mcp/', 'https://memory.example.com', ['left out']],
    ['https://memory.example.com/api/stats?x=1', 'https://memory.example.com', ['left out']],
    ['http://memory.example.com', 'http://memory.example.com', ['not encrypted']],
    ['http://127.0.0.1:8026', 'http://127.0.0.1:8026', []],
  ])('%j is %j', (typed, url, notes) => {
    const address = readServerAddress(typed)

    expect(address.url).toBe(url)
    expect(address.notes).toEqual(notes.map((note) => expect.stringContaining(note)))
  })

  test.each(['', 'not an address', 'ftp://example.com', 'https://', 'https://ana:secret@example.com'])(
    '%j is refused',
    (typed) => {
      expect(() => readServerAddress(typed)).toThrow(/address/)
    },
  )
})
