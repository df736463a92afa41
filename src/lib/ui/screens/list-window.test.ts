import {describe, expect, test} from 'vitest'
import {itemsPerPage, walkList} from './list-window.ts'

/** Five items of three lines and a gap each; two of them fit into nine lines. */
const metrics = {heights: [4, 4, 4, 4, 4], viewport: 9}

describe('walkList', () => {
  test('the list stands still while the selected item is on the screen', () => {
    expect(walkList({selected: 0, top: 0}, 1, metrics)).toEqual({selected: 1, top: 0})
  })

  test('it moves as far as the selected item needs', () => {
    expect(walkList({selected: 1, top: 0}, 1, metrics)).toEqual({selected: 2, top: 1})
    expect(walkList({selected: 3, top: 2}, -2, metrics)).toEqual({selected: 1, top: 1})
  })

  test('it ends at both ends', () => {
    expect(walkList({selected: 0, top: 0}, -1, metrics)).toEqual({selected: 0, top: 0})
    expect(walkList({selected: 0, top: 0}, Number.POSITIVE_INFINITY, metrics)).toEqual({selected: 4, top: 3})
    expect(walkList({selected: 4, top: 3}, Number.NEGATIVE_INFINITY, metrics)).toEqual({selected: 0, top: 0})
  })

  test('an item that is higher than the screen is shown from its first line', () => {
    const tall = {heights: [4, 30, 4], viewport: 9}
    expect(walkList({selected: 0, top: 0}, 1, tall)).toEqual({selected: 1, top: 1})
  })
})

describe('itemsPerPage', () => {
  test('counts what is on the screen whole', () => {
    expect(itemsPerPage(0, metrics)).toBe(2)
    expect(itemsPerPage(0, {...metrics, viewport: 100})).toBe(5)
  })

  test('is never nothing', () => {
    expect(itemsPerPage(0, {...metrics, viewport: 1})).toBe(1)
  })
})
