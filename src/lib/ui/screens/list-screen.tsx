import {useMemo} from 'react'
import {itemLines} from '../lists/item-lines.ts'
import type {ListItem} from '../lists/list-item.ts'
import type {Line} from '../text/segments.ts'
import {textWidth} from '../text/width.ts'
import {type Action, useActions} from './keyboard.tsx'
import {itemsPerPage, type ListMetrics, type ListPosition, topThatShows, walkList} from './list-window.ts'
import {bodyHeight, type ScreenSize, screenLines} from './screen-lines.ts'
import {TextLines} from './text-lines.tsx'

/** Lines of each paragraph. On a narrow screen a line says less, so there are more of them. */
const PARAGRAPH_LINES = {wide: 3, narrow: 5}
const NARROW_COLUMNS = 60
const KEYS = ['↑↓ walk', 'Enter open', 'q quit']

export interface ListScreenProps {
  title: string
  items: ListItem[]
  position: ListPosition
  onMove: (change: (position: ListPosition) => ListPosition) => void
  onOpen: (item: ListItem) => void
  onQuit: () => void
  size: ScreenSize
  color: boolean
}

export function ListScreen(props: ListScreenProps) {
  const {items, position, onMove, onOpen, onQuit, size, color} = props
  const {columns} = size
  const drawn = useMemo(() => drawItems(items, columns), [items, columns])
  const selected = items[position.selected]
  // The ids of another item may take more lines: a page is as high as it is with the longest.
  const viewport = Math.min(...drawn.map(({footer}) => bodyHeight({footer, keys: KEYS}, size)))
  const metrics: ListMetrics = {heights: drawn.map(({plain}) => plain.length + 1), viewport}
  const top = topThatShows(position.selected, position.top, metrics)

  useActions((action) => {
    if (action === 'quit') onQuit()
    if (action === 'open' && selected) onOpen(selected)
    onMove((current) => walkList(current, stepOf(action, top, metrics), metrics))
  })

  const body = drawn
    .slice(top)
    .flatMap(({plain, pointed}, index) => [...(top + index === position.selected ? pointed : plain), []])
    .slice(0, viewport)
  const place = `${position.selected + 1}/${items.length}`
  const lines = screenLines(
    {title: props.title, position: place, body, footer: drawn[position.selected]?.footer ?? [], keys: KEYS},
    size,
  )
  return <TextLines lines={lines} color={color} />
}

interface DrawnItem {
  plain: Line[]
  pointed: Line[]
  footer: string[]
}

function drawItems(items: ListItem[], width: number): DrawnItem[] {
  const paragraphLinesMax = width < NARROW_COLUMNS ? PARAGRAPH_LINES.narrow : PARAGRAPH_LINES.wide
  return items.map((item) => ({
    plain: itemLines(item, {width, paragraphLinesMax, isSelected: false}),
    pointed: itemLines(item, {width, paragraphLinesMax, isSelected: true}),
    footer: item.ids.map((id) => fitId(id, width)),
  }))
}

/** An id is there to be copied: where it would break, it goes without its label. */
function fitId(id: string, width: number): string {
  return textWidth(id) <= width ? id : id.replace(/^\w+ /, '')
}

function stepOf(action: Action, top: number, metrics: ListMetrics): number {
  switch (action) {
    case 'up':
      return -1
    case 'down':
      return 1
    case 'pageUp':
      return -itemsPerPage(top, metrics)
    case 'pageDown':
      return itemsPerPage(top, metrics)
    case 'first':
      return Number.NEGATIVE_INFINITY
    case 'last':
      return Number.POSITIVE_INFINITY
    default:
      return 0
  }
}
