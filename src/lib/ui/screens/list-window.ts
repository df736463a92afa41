/** Which item is selected, and which is the first one shown. */
export interface ListPosition {
  selected: number
  top: number
}

/** Heights of the items in lines, the gap below included, and the lines there are for them. */
export interface ListMetrics {
  heights: number[]
  viewport: number
}

export function walkList(position: ListPosition, by: number, metrics: ListMetrics): ListPosition {
  const selected = clamp(position.selected + by, 0, metrics.heights.length - 1)
  return {selected, top: topThatShows(selected, position.top, metrics)}
}

/** The nearest first item with which the selected one is on the screen whole. */
export function topThatShows(selected: number, top: number, {heights, viewport}: ListMetrics): number {
  let first = Math.min(top, selected)
  let used = sum(heights.slice(first, selected + 1))
  // The gap below the last one may fall off the screen.
  while (first < selected && used - 1 > viewport) {
    used -= heights[first] ?? 0
    first += 1
  }
  return first
}

/** How many items one page holds: at least one, so that paging always moves. */
export function itemsPerPage(top: number, {heights, viewport}: ListMetrics): number {
  let used = 0
  const fitting = heights.slice(top).findIndex((height) => {
    used += height
    return used - 1 > viewport
  })
  return Math.max(1, fitting === -1 ? heights.length - top : fitting)
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value))
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
