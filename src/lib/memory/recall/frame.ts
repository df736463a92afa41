import {RECALL_TAG} from '../../model/recall-tag.ts'
import type {RecallResult} from '../memory.ts'

/** A heading, and what is quoted below it. */
export interface Section {
  heading: string
  /** Already quoted: see quoteText. */
  lines: {text: string; uuid?: string; order: number}[]
}

const INDENT = '  '

/**
 * Fills the one element that recalled text stands in, and never more than `budget` UTF-16 code units of it, frame
 * included: what has no room is left out.
 */
export class Frame {
  readonly #budget: number
  readonly #notice: string
  readonly #sections = new Map<string, Section>()
  #used: number
  #passages = 0

  constructor({budget, notice}: {budget: number; notice: string}) {
    this.#budget = budget
    this.#notice = notice
    this.#used = render(notice, []).length
  }

  get isEmpty(): boolean {
    return this.#passages === 0
  }

  get passages(): number {
    return this.#passages
  }

  get room(): number {
    return this.#budget - this.#used
  }

  /** What one more passage under this heading may take. */
  roomFor(heading: string): number {
    return this.room - this.#costOfHeading(heading) - lineOf('').length - 1
  }

  /** False when there was no room. `order` sorts the lines of a section; sections stay in the order they came. */
  add(heading: string, line: {text: string; uuid?: string; order: number}): boolean {
    const cost = this.#costOfHeading(heading) + lineOf(line.text).length + 1
    if (cost > this.room) return false
    this.#used += cost
    const section = this.#sections.get(heading) ?? {heading, lines: []}
    section.lines.push(line)
    this.#sections.set(heading, section)
    if (line.uuid !== undefined) this.#passages++
    return true
  }

  finish(): RecallResult {
    if (this.isEmpty) return {text: '', uuids: []}
    const sections = [...this.#sections.values()].map(({heading, lines}) => ({
      heading,
      lines: lines.toSorted((a, b) => a.order - b.order),
    }))
    const uuids = sections.flatMap(({lines}) => lines.flatMap(({uuid}) => uuid ?? []))
    return {text: render(this.#notice, sections), uuids: [...new Set(uuids)]}
  }

  #costOfHeading(heading: string): number {
    return this.#sections.has(heading) ? 0 : `\n${heading}\n`.length
  }
}

function render(notice: string, sections: readonly Section[]): string {
  const blocks = sections.map(({heading, lines}) =>
    ['', heading, ...lines.map(({text}) => lineOf(text))].join('\n'),
  )
  return [`<${RECALL_TAG}>`, notice, ...blocks, `</${RECALL_TAG}>`].join('\n')
}

/** Lines of a quotation stay behind its dash, so that none can pass for a line of the frame. */
function lineOf(text: string): string {
  return `- ${text.replaceAll('\n', `\n${INDENT}`)}`
}
