/** What the words of a question say nothing about: they are in most messages. */
const STOP_WORDS = new Set(
  `a about after all also am an and any are as at be because been before being but by can could did do does doing for
  from had has have having he her here him his how i if in into is it its just me more my no not of on once only or our
  out over own she should so some such than that the their them then there these they this those through to too under
  until up us very was we were what when where which while who whom why will with would you your`.split(
    /\s+/,
  ),
)

const TERMS_MAX = 64

/**
 * FTS5 expressions to try, in order, until one finds something: the query as FTS5 syntax where it is meant as such,
 * then its terms, any of them, then its terms as beginnings of words. Empty when it has no word at all.
 */
export function understandQuery(query: string): string[] {
  const terms = termsOf(query)
  const expressions: string[] = []
  if (isMeantAsSyntax(query)) expressions.push(query)
  if (terms.length > 0) {
    expressions.push(terms.join(' OR '))
    expressions.push(terms.map((term) => `${term}*`).join(' OR '))
  }
  return expressions
}

/** Operators in capitals between words, a closed "phrase", or a prefix*: nobody writes those by accident. */
function isMeantAsSyntax(query: string): boolean {
  return (
    /\S\s+(AND|OR|NOT)\s+\S/.test(query) ||
    /\bNEAR\s*\(/.test(query) ||
    /^[^"]*"[^"]+"[^"]*$/.test(query) ||
    /[\p{L}\p{N}_]\*(\s|$)/u.test(query)
  )
}

/** Quoted, so that nothing in them is syntax; what is written together is looked for together, and in its parts. */
function termsOf(query: string): string[] {
  const terms = new Set<string>()
  for (const chunk of query.split(/\s+/)) {
    const words = chunk.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
    const telling = words.filter((word) => !STOP_WORDS.has(word.toLowerCase()))
    if (words.length > 1 && telling.length > 0) terms.add(quote(words.join(' ')))
    for (const word of telling) terms.add(quote(word))
  }
  if (terms.size === 0) for (const word of query.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) terms.add(quote(word))
  return [...terms].slice(0, TERMS_MAX)
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
