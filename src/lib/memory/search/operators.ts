import {foldText} from './fold-text.ts'
import {splitWords} from './words.ts'

export interface Operators {
  /** Safe FTS5: every word quoted. */
  expression: string
  /** The words that are wanted, for ranking: without NOT's. */
  positive: string
}

const TOKENS_MAX = 64

/**
 * FTS5 operators that are meant: AND, OR, NOT in capitals between other words, NEAR(…), word*. Everything else, and
 * whatever does not parse, is plain text, so that no query is ever a syntax error.
 */
export function parseOperators(text: string): Operators | null {
  if (!looksMeant(text)) return null
  const tokens = text.match(/"[^"]*"|\(|\)|[^\s()"]+/g) ?? []
  if (tokens.length > TOKENS_MAX) return null
  const parser = new Parser(tokens)
  const expression = parser.parseOr()
  if (expression === null || !parser.atEnd || parser.positive.length === 0) return null
  return {expression, positive: parser.positive.join(' ')}
}

function looksMeant(text: string): boolean {
  if (!/[a-z]/.test(text.replace(/\b(?:AND|OR|NOT|NEAR)\b/g, ''))) return false
  return (
    /\S\s+(?:AND|OR|NOT)\s+\S/.test(text) ||
    /\bNEAR\s?\(/.test(text) ||
    (text.includes('*') && /(?:^|\s)[\p{L}\p{N}_]{2,}\*(?:\s|$)/u.test(text))
  )
}

class Parser {
  readonly positive: string[] = []
  readonly #tokens: string[]
  #at = 0
  #negative = 0

  constructor(tokens: string[]) {
    this.#tokens = tokens
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  parseOr(): string | null {
    return this.#chain('OR', () => this.#chain('AND', () => this.#parseNot()))
  }

  /** Words beside each other are an AND, as in FTS5. */
  #chain(operator: 'OR' | 'AND', next: () => string | null): string | null {
    const parts: string[] = []
    for (;;) {
      const part = next()
      if (part === null) return null
      parts.push(part)
      const token = this.#tokens[this.#at]
      if (token === operator) this.#at++
      else if (operator === 'OR' || token === undefined || token === ')' || token === 'OR' || token === 'NOT')
        break
    }
    return parts.length === 1 ? (parts[0] ?? null) : `(${parts.join(` ${operator} `)})`
  }

  #parseNot(): string | null {
    const left = this.#parsePrimary()
    if (left === null || this.#tokens[this.#at] !== 'NOT') return left
    this.#at++
    this.#negative++
    const right = this.#parsePrimary()
    this.#negative--
    return right === null ? null : `(${left} NOT ${right})`
  }

  #parsePrimary(): string | null {
    const token = this.#tokens[this.#at++]
    if (token === undefined || token === ')' || /^(?:AND|OR|NOT)$/.test(token)) return null
    if (token === '(') return this.#parseGroup()
    if (token === 'NEAR' && this.#tokens[this.#at] === '(') return this.#parseNear()
    return this.#word(token)
  }

  #parseGroup(): string | null {
    const inner = this.parseOr()
    if (inner === null || this.#tokens[this.#at++] !== ')') return null
    return `(${inner})`
  }

  #parseNear(): string | null {
    this.#at++
    const words: string[] = []
    let distance = 10
    for (let token = this.#tokens[this.#at++]; token !== ')'; token = this.#tokens[this.#at++]) {
      if (token === undefined) return null
      const comma = /^,?(\d+)$/.exec(token)
      if (comma && words.length > 1) distance = Math.min(100, Number(comma[1]))
      else {
        const word = this.#word(token.replace(/,$/, ''))
        if (word === null) return null
        words.push(word)
      }
    }
    return words.length === 0 ? null : `NEAR(${words.join(' ')}, ${distance})`
  }

  #word(token: string): string | null {
    const prefix = token.endsWith('*') ? ' *' : ''
    const text = token.replace(/^"|"$/g, '').replace(/\*$/, '')
    const words = splitWords(foldText(text))
    if (words.length === 0) return null
    if (this.#negative === 0) this.positive.push(prefix ? `${text}*` : text)
    return `"${words.join(' ')}"${prefix}`
  }
}
