/** Queries by kind, as people would put them who half remember what these texts say. */
export function queriesFrom(texts: readonly string[], perKind: number): Record<string, string[]> {
  const kinds: Record<string, (text: string, number: number) => string | undefined> = {
    'whole question': (text) => {
      const words = text.match(/\b[a-z]{3,}\b/g) ?? []
      return words.length > 6 ? `what did we say about the ${words.slice(2, 7).join(' ')}?` : undefined
    },
    'long question': (text) => {
      const said = /[A-Z][a-z]+(?: [a-z']+){8,14}/.exec(text)?.[0].toLowerCase()
      return said && `do you remember why ${said}, and how was it solved in the end?`
    },
    'one word': (text, number) => text.match(/\b[a-z]{3,}\b/g)?.[number % 7],
    'rare word': (text) => text.match(/\b[a-z]{3,}\b/g)?.toSorted((a, b) => b.length - a.length)[0],
    'some words': (text) =>
      text
        .match(/\b[a-z]{4,}\b/g)
        ?.slice(0, 3)
        .join(' '),
    'name in camelCase': (text) => /\b[a-z]+(?:[A-Z][a-z]+)+\b/.exec(text)?.[0],
    'name in snake_case': (text) => /\b[a-z]+(?:_[a-z]+)+\b/.exec(text)?.[0],
    'path of code': (text) => /\bsrc\/[\w/-]+\.\w+/.exec(text)?.[0],
    'line of an error': (text) => /^.*(?:Error|ERR|failed).*$/m.exec(text)?.[0].slice(0, 200),
  }
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, take]) => [
      kind,
      texts.flatMap((text, number) => take(text, number) || []).slice(0, perKind),
    ]),
  )
}

/** Queries that cost a search which isn't bounded everything it has. */
export function hostileQueries(texts: readonly string[]): Record<string, string> {
  const words = texts.flatMap((text) => text.match(/\b[a-z]{3,}\b/g) ?? [])
  const some = (count: number) => Array.from({length: count}, (_, i) => words[i % words.length] ?? 'word')
  return {
    'one letter': 'e',
    'the commonest word, three times': 'the the the',
    star: '*',
    'a letter and a star': 't*',
    'the commonest words': 'the to a of and in it is that for we this on with be',
    'common words of code': 'test error file function server query index cache token session',
    'the commonest word, or another': 'the OR to OR a OR of',
    'half of a quotation': '"the',
    'one CJK character': '的',
    '2,000 terms with OR': some(2_000).join(' OR '),
    '10,000 words': some(10_000).join(' '),
  }
}
