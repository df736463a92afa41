import {RECALL_TAG} from '../model/recall-tag.ts'

/** What bmfote itself put before the model. */
const RECALL_TAGS = [RECALL_TAG]

/** What a harness or an editor adds to a person's words: nobody said it. */
const HARNESS_TAGS = [
  'system-reminder',
  'ide_opened_file',
  'ide_selection',
  'user-prompt-submit-hook',
  'session-start-hook',
]

/** Without our own recall. For text that anybody wrote, models and tools included. */
export function stripRecall(text: string): string {
  return stripElements(text, RECALL_TAGS)
}

/** Without our own recall and without what the harness added. For text that comes to the model from outside. */
export function stripInjected(text: string): string {
  return stripElements(text, [...RECALL_TAGS, ...HARNESS_TAGS])
}

function stripElements(text: string, tags: readonly string[]): string {
  const stripped = tags.reduce(stripElement, text)
  return stripped === text ? text : stripped.trim()
}

/**
 * By index, not by a regular expression: a lazy match over a text full of opening tags takes quadratic time, and the
 * text is a stranger's. An element that is never closed is left alone.
 */
function stripElement(text: string, tag: string): string {
  const close = `</${tag}>`
  let kept = ''
  let from = 0
  for (;;) {
    const start = findOpening(text, tag, from)
    const end = start < 0 ? -1 : text.indexOf(close, start)
    if (end < 0) return kept + text.slice(from)
    kept += text.slice(from, start)
    from = end + close.length
  }
}

function findOpening(text: string, tag: string, from: number): number {
  const opening = `<${tag}`
  let start = text.indexOf(opening, from)
  while (start >= 0 && !/[\s>]/.test(text.charAt(start + opening.length))) {
    start = text.indexOf(opening, start + 1)
  }
  return start
}
