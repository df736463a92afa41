import {expect, test} from 'vitest'
import {hasBeginnings, understandQuery, withoutShortBeginnings} from './understand-query.ts'

const NOW = '2026-11-20T12:00:00Z'

test('beginnings too short for a large memory are read as words, longer ones stay', () => {
  const plan = understandQuery('th* AND migrat*', {now: NOW})
  const bounded = withoutShortBeginnings(plan, 5)

  expect(hasBeginnings(plan)).toBe(true)
  expect(bounded.required).toBe('("th" AND "migrat" *)')
  expect(bounded.terms.filter(({kind}) => kind === 'prefix').map(({match}) => match)).toEqual(['"migrat" *'])
  expect(bounded.cut).toBe(true)
})

test('a version is looked for with its v and without', () => {
  const {terms} = understandQuery('v5.1.17', {now: NOW})

  expect(terms[0]?.match).toBe('"v5 1 17" OR "5 1 17"')
})

test('single digits of an address are no words of their own', () => {
  const {terms} = understandQuery('connect 10.9.8.7:1234', {now: NOW})

  expect(terms.map(({text}) => text).sort()).toEqual(['10.9.8.7:1234', '1234', 'connect'])
})
