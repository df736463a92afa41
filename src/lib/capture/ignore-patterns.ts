/**
 * Patterns as in a .gitignore: `secrets/`, `*.pem`, `/deploy/**`, `**\/fixtures`, `!keep.pem`; the last one that fits
 * decides, and what stands in a folder that fits is ignored with it. `path` is relative, with slashes; empty is the
 * folder itself, which only `*` and `**` name.
 *
 * No regular expressions: the patterns may be a stranger's, and backtracking is exponential in the wrong hands.
 */
export function isIgnoredPath(path: string, patterns: readonly string[]): boolean {
  const parts = partsOf(path).slice(0, DEPTH_MAX)
  if (parts.length === 0) return patterns.some((pattern) => pattern === '*' || pattern === '**')
  let isIgnored = false
  for (const pattern of patterns.map(readPattern)) {
    if (fits(parts, pattern)) isIgnored = !pattern.isKept
  }
  return isIgnored
}

const DEPTH_MAX = 64

/** Letters are one whether small or not, as on many disks: better a file too many is left out than one too few. */
function partsOf(path: string): string[] {
  return path
    .toLowerCase()
    .split('/')
    .filter((part) => part !== '' && part !== '.')
}

interface Pattern {
  isKept: boolean
  isAnchored: boolean
  parts: string[]
}

function readPattern(text: string): Pattern {
  const trimmed = text.trim()
  const isKept = trimmed.startsWith('!')
  const body = (isKept ? trimmed.slice(1) : trimmed).replaceAll('\\', '/').replace(/^\.\//, '')
  const parts = partsOf(body)
  return {isKept, isAnchored: body.startsWith('/') || parts.length > 1, parts}
}

/** Whether the path, or a folder that it stands in, is what the pattern names. */
function fits(path: readonly string[], {isAnchored, parts}: Pattern): boolean {
  const [first] = parts
  if (first === undefined) return false
  if (!isAnchored) return path.some((name) => partFits(name, first))
  return path.some((_, index) => sequenceFits(path.slice(0, index + 1), parts))
}

function sequenceFits(path: readonly string[], wanted: readonly string[]): boolean {
  return matchesGreedily(path, wanted, {isStar: (part) => part === '**', fits: partFits})
}

function partFits(name: string, pattern: string): boolean {
  return matchesGreedily([...name], [...pattern], {
    isStar: (char) => char === '*',
    fits: (char, wanted) => wanted === '?' || char === wanted,
  })
}

/** A star takes any number of items. Only the last star is ever tried again, so the work is bounded by the product. */
function matchesGreedily(
  items: readonly string[],
  wanted: readonly string[],
  rules: {isStar: (item: string) => boolean; fits: (item: string, wanted: string) => boolean},
): boolean {
  let item = 0
  let want = 0
  let star = -1
  let taken = 0
  while (item < items.length) {
    const next = wanted[want]
    if (next !== undefined && rules.isStar(next)) {
      star = want++
      taken = item
    } else if (next !== undefined && rules.fits(items[item] ?? '', next)) {
      item++
      want++
    } else if (star >= 0) {
      want = star + 1
      item = ++taken
    } else return false
  }
  return wanted.slice(want).every(rules.isStar)
}
