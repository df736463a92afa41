import {expect, test} from 'vitest'
import {terminalWishes} from './terminal.ts'

test('nothing is wished for where nothing is set', () => {
  expect(terminalWishes({TERM: 'xterm-256color'})).toEqual({noColor: false, plain: false})
  expect(terminalWishes({NO_COLOR: '', CI: ''})).toEqual({noColor: false, plain: false})
})

test('NO_COLOR counts whatever it says', () => {
  expect(terminalWishes({NO_COLOR: '0'})).toEqual({noColor: true, plain: false})
})

test('nobody presses keys on a build machine, and a dumb terminal can not be drawn on', () => {
  expect(terminalWishes({CI: 'true'}).plain).toBe(true)
  expect(terminalWishes({CI: 'false'}).plain).toBe(false)
  expect(terminalWishes({TERM: 'dumb'}).plain).toBe(true)
})
