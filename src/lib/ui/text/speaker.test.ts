import {expect, test} from 'vitest'
import {speakerName} from './speaker.ts'

const nobody = {type: 'user', author: null, tool: null, status: null}

test('a message is from its author, else from its side', () => {
  expect(speakerName(nobody)).toBe('user')
  expect(speakerName({...nobody, author: 'lea'})).toBe('lea (user)')
  expect(speakerName({...nobody, author: 'lea\n\u001b[31mroot'})).toBe('lea root (user)')
})

test('a tool call is told from its result, which nobody said', () => {
  expect(speakerName({...nobody, type: 'assistant', tool: 'Bash'})).toBe('assistant called Bash')
  expect(speakerName({...nobody, tool: 'Bash', status: 'ok'})).toBe('result of Bash')
  expect(speakerName({...nobody, tool: 'Bash', status: 'error'})).toBe('result of Bash (error)')
})
