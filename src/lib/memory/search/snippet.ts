import type {TermHits} from './scan-text.ts'

/** How much of a message a snippet shows, about. */
const SNIPPET_CHARS = 280
/** Of that, before the first mark. */
const LEAD_CHARS = 60

/** The passage with the most different terms, each hit between >>> and <<<; the beginning where nothing was hit. */
export function makeSnippet(content: string, {spots}: Pick<TermHits, 'spots'>): string {
  const marks = mergeSpots(spots)
  const start = passageStart(content, spots)
  const end = cutPoint(content, Math.min(content.length, start + SNIPPET_CHARS))
  let text = start > 0 ? '…' : ''
  let at = start
  for (const mark of marks) {
    if (mark.at < at || mark.end > end) continue
    text += `${content.slice(at, mark.at)}>>>${content.slice(mark.at, mark.end)}<<<`
    at = mark.end
  }
  return text + content.slice(at, end) + (end < content.length ? '…' : '')
}

/** Hits within hits (`Id` within `userId`) are one mark. */
function mergeSpots(spots: TermHits['spots']): {at: number; end: number}[] {
  const marks: {at: number; end: number}[] = []
  for (const {at, end} of spots) {
    const last = marks.at(-1)
    if (last && at < last.end) last.end = Math.max(last.end, end)
    else marks.push({at, end})
  }
  return marks
}

function passageStart(content: string, spots: TermHits['spots']): number {
  let best = {terms: 0, at: 0}
  for (const [index, first] of spots.entries()) {
    const terms = new Set<number>()
    for (let next = index; next < spots.length; next++) {
      const spot = spots[next]
      if (!spot || spot.end - first.at > SNIPPET_CHARS - LEAD_CHARS) break
      terms.add(spot.term)
    }
    if (terms.size > best.terms) best = {terms: terms.size, at: first.at}
  }
  if (best.at <= LEAD_CHARS) return 0
  const from = best.at - LEAD_CHARS
  const blank = content.slice(from, best.at).search(/\s/)
  return blank === -1 ? cutPoint(content, from) : from + blank + 1
}

/** Not through the middle of a character that takes two code units. */
function cutPoint(content: string, at: number): number {
  const unit = content.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at
}
