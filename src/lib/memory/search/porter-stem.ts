/**
 * The stemmer of FTS5's porter tokenizer (Porter 1980), so that a word found by the index is also seen by the ranking.
 * Tokens of fewer than 3 or more than 64 bytes are left alone, as FTS5 does.
 */
const VOWEL = 'aeiou'

export function porterStem(word: string): string {
  if (word.length < 3 || word.length > 64 || !/^[a-z]+$/.test(word)) return stemOdd(word)
  return steps(word)
}

/** FTS5 stems bytes and sees letters outside a-z as consonants. */
function stemOdd(word: string): string {
  const bytes = Buffer.byteLength(word)
  if (bytes < 3 || bytes > 64 || word.length < 3) return word
  return steps(word)
}

function steps(word: string): string {
  let w = step1a(word)
  w = step1b(w)
  if (w.length > 1 && w.endsWith('y') && hasVowel(w.slice(0, -1))) w = `${w.slice(0, -1)}i`
  w = replaceSuffix(w, STEP2, 0)
  w = replaceSuffix(w, STEP3, 0)
  w = step4(w)
  return step5(w)
}

function isConsonant(w: string, i: number): boolean {
  const c = w[i] ?? ''
  if (VOWEL.includes(c)) return false
  if (c === 'y') return i === 0 || !isConsonant(w, i - 1)
  return true
}

/** The number of vowel-consonant sequences. */
function measure(w: string): number {
  let m = 0
  let i = 0
  while (i < w.length && isConsonant(w, i)) i++
  while (i < w.length) {
    while (i < w.length && !isConsonant(w, i)) i++
    if (i >= w.length) break
    m++
    while (i < w.length && isConsonant(w, i)) i++
  }
  return m
}

function hasVowel(w: string): boolean {
  for (let i = 0; i < w.length; i++) if (!isConsonant(w, i)) return true
  return false
}

function endsDouble(w: string): boolean {
  return w.length > 1 && w.at(-1) === w.at(-2) && isConsonant(w, w.length - 1)
}

function endsCvc(w: string): boolean {
  const n = w.length
  if (n < 3) return false
  return (
    isConsonant(w, n - 3) &&
    !isConsonant(w, n - 2) &&
    isConsonant(w, n - 1) &&
    !'wxy'.includes(w[n - 1] ?? '')
  )
}

function step1a(w: string): string {
  if (w.endsWith('sses') || w.endsWith('ies')) return w.slice(0, -2)
  if (w.endsWith('s') && !w.endsWith('ss')) return w.slice(0, -1)
  return w
}

function step1b(w: string): string {
  if (w.endsWith('eed')) return measure(w.slice(0, -3)) > 0 ? w.slice(0, -1) : w
  for (const suffix of ['ed', 'ing']) {
    if (!w.endsWith(suffix)) continue
    const stem = w.slice(0, -suffix.length)
    return hasVowel(stem) ? mend(stem) : w
  }
  return w
}

function mend(w: string): string {
  if (w.endsWith('at') || w.endsWith('bl') || w.endsWith('iz')) return `${w}e`
  if (endsDouble(w) && !'lsz'.includes(w.at(-1) ?? '')) return w.slice(0, -1)
  if (measure(w) === 1 && endsCvc(w)) return `${w}e`
  return w
}

type Rule = readonly [suffix: string, replacement: string]
const STEP2: readonly Rule[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['logi', 'log'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
]
const STEP3: readonly Rule[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]
const STEP4 = [
  'al',
  'ance',
  'ence',
  'er',
  'ic',
  'able',
  'ible',
  'ant',
  'ement',
  'ment',
  'ent',
  'ion',
  'ou',
  'ism',
  'ate',
  'iti',
  'ous',
  'ive',
  'ize',
]

function replaceSuffix(w: string, rules: readonly Rule[], above: number): string {
  for (const [suffix, replacement] of rules) {
    if (!w.endsWith(suffix)) continue
    const stem = w.slice(0, -suffix.length)
    return measure(stem) > above ? stem + replacement : w
  }
  return w
}

function step4(w: string): string {
  for (const suffix of STEP4) {
    if (!w.endsWith(suffix)) continue
    const stem = w.slice(0, -suffix.length)
    if (suffix === 'ion' && !/[st]$/.test(stem)) return w
    return measure(stem) > 1 ? stem : w
  }
  return w
}

function step5(w: string): string {
  let result = w
  if (w.endsWith('e')) {
    const stem = w.slice(0, -1)
    const m = measure(stem)
    if (m > 1 || (m === 1 && !endsCvc(stem))) result = stem
  }
  if (measure(result) > 1 && endsDouble(result) && result.endsWith('l')) result = result.slice(0, -1)
  return result
}
