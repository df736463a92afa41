import {expect, test} from 'vitest'
import {openProgress, progressLine} from './progress.ts'

const plain = {columns: 60, color: false}

test('the bar is as full as the work is done', () => {
  expect(progressLine({share: 0, text: '0 messages'}, plain)).toBe('░░░░░░░░░░░░░░░░░░░░   0%  0 messages')
  expect(progressLine({share: 0.5, text: '7 messages'}, plain)).toBe('██████████░░░░░░░░░░  50%  7 messages')
  expect(progressLine({share: 1, text: '9 messages'}, plain)).toBe('████████████████████ 100%  9 messages')
})

test('without an end in sight there is no bar', () => {
  expect(progressLine({text: '7 messages'}, plain)).toBe('7 messages')
})

test('it fits into a narrow line', () => {
  const line = progressLine({share: 0.5, text: '12,345 messages, file 3 of 17'}, {columns: 40, color: false})
  expect(line).toBe('███████░░░░░░  50%  12,345 messages, fi…')
  expect(line).toHaveLength(40)
})

test('it is drawn over itself, not more often than anybody can see, and taken away at the end', () => {
  const written: string[] = []
  let nowMs = 0
  const output = {write: (text: string) => written.push(text), columns: 41}
  const progress = openProgress({output, color: false, nowMs: () => nowMs})

  progress.update({text: 'first'})
  nowMs += 10
  progress.update({text: 'too soon'})
  nowMs += 100
  progress.update({text: 'second'})
  progress.clear()

  expect(written).toEqual(['\r\u001b[Kfirst', '\r\u001b[Ksecond', '\r\u001b[K'])
})

test('nothing is drawn where nobody watches', () => {
  const progress = openProgress({output: undefined, color: true})
  expect(() => progress.update({text: 'x'})).not.toThrow()
})
