/**
 * The element that recalled text stands in before a model. What is inside of it is in the memory already, so everything
 * that records cuts it out: a memory that stores its own recall fills up with echoes.
 */
const TAG = 'bmfote-recall'

/** For text that the server has not put into the element. Nothing inside can close it. */
export function framed(text: string): string {
  return `<${TAG}>\n${text.replace(/bmfote-recall/gi, 'bmfote recall')}\n</${TAG}>`
}

/**
 * Without the elements. By index, not by a regular expression: a lazy match over a text full of opening tags takes
 * quadratic time, and the text is a stranger's. An element that is never closed is left alone.
 */
export function withoutRecall(text: string): string {
  const close = `</${TAG}>`
  let kept = ''
  let from = 0
  for (;;) {
    const start = findOpening(text, from)
    const end = start < 0 ? -1 : text.indexOf(close, start)
    if (end < 0) return from === 0 ? text : (kept + text.slice(from)).trim()
    kept += text.slice(from, start)
    from = end + close.length
  }
}

function findOpening(text: string, from: number): number {
  const opening = `<${TAG}`
  let start = text.indexOf(opening, from)
  while (start >= 0 && !/[\s>]/.test(text.charAt(start + opening.length)))
    start = text.indexOf(opening, start + 1)
  return start
}
