import {expect, test} from 'vitest'
import {firstRank, meanScore, scoreAnswer} from './metrics.ts'

test('an answer at the second place of three wanted', () => {
  const score = scoreAnswer(['x', 'a', 'y', 'b'], new Set(['a', 'b', 'c']))

  expect(score).toMatchObject({any1: 0, any5: 1, any10: 1, mrr: 0.5, frac1: 0, frac5: 2 / 3, frac10: 2 / 3})
  const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4)
  expect(score.ndcg10).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / ideal, 10)
})

test('all that is wanted at the top is worth one, nothing is worth nought', () => {
  expect(Object.values(scoreAnswer(['a', 'x'], new Set(['a'])))).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  expect(Object.values(scoreAnswer([], new Set(['a'])))).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  expect(firstRank(['x'], new Set(['a']))).toBe(Number.POSITIVE_INFINITY)
})

test('the mean is taken of each figure', () => {
  const gold = new Set(['a'])

  const mean = meanScore([scoreAnswer(['a'], gold), scoreAnswer(['x', 'a'], gold)])

  expect(mean).toMatchObject({any1: 0.5, any5: 1, mrr: 0.75})
})
