/** The lines that differ, with what is before them left out. */
export interface ChangedLines {
  removed: string[]
  added: string[]
}

/** A line of a minified file is a whole file: only where it differs is of interest. */
const LINE_CHARS_MAX = 200
const CONTEXT_CHARS = 20
/** Above that many comparisons, all that is between the first and the last difference counts as changed. */
const COMPARISONS_MAX = 4_000_000

export function changedLines(before: string, after: string): ChangedLines {
  const a = linesOf(before)
  const b = linesOf(after)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const changed = compare(a.slice(start, a.length - end), b.slice(start, b.length - end))
  const [removed = '', ...moreRemoved] = changed.removed
  const [added = '', ...moreAdded] = changed.added
  const isOneLong = Math.max(removed.length, added.length) > LINE_CHARS_MAX
  if (!isOneLong || moreRemoved.length > 0 || moreAdded.length > 0) return changed
  return {removed: changed.removed.map((line) => cutAround(line, added)), added: [cutAround(added, removed)]}
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n')
}

/** By their longest common subsequence. */
function compare(a: string[], b: string[]): ChangedLines {
  if (a.length * b.length > COMPARISONS_MAX) return {removed: a, added: b}
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const changed: ChangedLines = {removed: [], added: []}
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1]
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1)))
      changed.removed.push(a[i++] ?? '')
    else changed.added.push(b[j++] ?? '')
  }
  return changed
}

function cutAround(line: string, other: string): string {
  let start = 0
  while (start < line.length && line[start] === other[start]) start++
  let end = 0
  while (end < line.length - start && end < other.length - start && line.at(-1 - end) === other.at(-1 - end))
    end++
  const from = Math.max(0, start - CONTEXT_CHARS)
  const to = Math.min(line.length, line.length - end + CONTEXT_CHARS)
  return `${from > 0 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`
}
