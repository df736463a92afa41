import {Random} from '../messages/random.ts'
import {TECHNICAL_WORDS} from '../messages/vocabulary.ts'

/** Something that stands in one message of all, and how it is asked for later. */
export interface Needle {
  uuid: string
  kind: string
  text: string
  query: string
}

/** What is found is at the top, where people look. */
export const NEEDLE_RANK_MAX = 3

const CJK_CHARACTERS = [
  ...'会議東京明日確認設定変更予算資料提出担当部長連絡先月開発環境本番障害対応報告書数据库迁移失败重试缓存服务器部署问题解决方案',
]
const EMOJI = ['🦩', '🦉', '🪁', '🫐', '🧊', '🪗']

/**
 * Made of the words that the messages are full of, so that only all of a needle tells it from the rest; names are longer
 * than any name in the messages, so that no message has one by chance.
 */
const KINDS: Record<string, (make: Maker) => {text: string; query: string}> = {
  'camelCase name': (make) => {
    const name = make.camelCase(4)
    return {text: `The caller is ${name}() now.`, query: name}
  },
  'camelCase name, in words': (make) => {
    const words = make.words(4)
    return {text: `See ${camelCase(words)} for it.`, query: words.join(' ')}
  },
  'snake_case name': (make) => {
    const name = make.words(4).join('_')
    return {text: `It reads ${name} first.`, query: name}
  },
  path: (make) => {
    const [a, b, c, d] = make.words(4)
    const path = `packages/${a}/lib/${b}/${c}-${d}.ts`
    return {text: `Changed in ${path}:${make.number(2, 900)}`, query: path}
  },
  'file name': (make) => {
    const name = `${make.words(4).join('-')}.tsx`
    return {text: `Opened src/${make.words(1)}/${name}`, query: name}
  },
  'error line': (make) => {
    const line = `TypeError: Cannot read properties of undefined (reading '${make.camelCase(4)}')`
    return {
      text: `${line}\n    at ${make.camelCase(2)} (/app/dist/main.js:${make.number(1, 900)}:12)`,
      query: line,
    }
  },
  'errno line': (make) => {
    const address = `10.${make.number(0, 255)}.${make.number(0, 255)}.7:${make.number(1_024, 9_999)}`
    const line = `Error: connect ECONNREFUSED ${address}`
    return {text: line, query: line}
  },
  hash: (make) => {
    const hash = make.hex(40)
    return {text: `Merged as ${hash}.`, query: hash}
  },
  'short hash': (make) => {
    const hash = make.hex(40)
    return {text: `commit ${hash}`, query: hash.slice(0, 8)}
  },
  version: (make) => {
    const version = `${make.words(3).join('-')}@${make.number(1, 40)}.${make.number(0, 40)}.${make.number(0, 99)}`
    return {text: `Pinned ${version}.`, query: version}
  },
  'issue number': (make) => {
    const issue = `#${make.number(20_000, 99_999)}`
    return {text: `That is ${issue}, still open.`, query: issue}
  },
  phrase: (make) => {
    const [a, b, c, d] = make.words(4)
    const phrase = `the ${a} ${b} before the ${c} of every ${d}`
    return {text: `We keep ${phrase} for now.`, query: phrase}
  },
  'quoted phrase': (make) => {
    const phrase = make.words(4).join(' ')
    return {text: `Call it ${phrase} from here on.`, query: `"${phrase}"`}
  },
  CJK: (make) => {
    const phrase = make.cjk(6)
    return {text: `メモ：${phrase}について。`, query: phrase}
  },
  emoji: (make) => {
    const text = `${make.hex(6)} ${make.emoji()} ${make.hex(6)}`
    return {text, query: text}
  },
  question: (make) => {
    const [a, b, c] = make.words(3)
    return {
      text: `We decided that the ${a} ${b} keeps a ${c} of ${make.number(100, 9_999)} seconds.`,
      query: `what did we decide about the ${a} ${b} ${c}?`,
    }
  },
}

/** Of each kind; the same whatever is asked, so that a database that is kept holds them for every later run. */
const PER_KIND = 20

export function makeNeedles(): Needle[] {
  const make = new Maker(new Random(29))
  return Object.entries(KINDS).flatMap(([kind, needle]) =>
    Array.from({length: PER_KIND}, (_, number) => ({
      uuid: `needle-${kind.replaceAll(/\W+/g, '-')}-${number}`,
      kind,
      ...needle(make),
    })),
  )
}

class Maker {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  words(count: number): string[] {
    const words = new Set<string>()
    while (words.size < count) words.add(this.#random.pick(TECHNICAL_WORDS))
    return [...words]
  }

  camelCase(count: number): string {
    return camelCase(this.words(count))
  }

  cjk(count: number): string {
    return Array.from({length: count}, () => this.#random.pick(CJK_CHARACTERS)).join('')
  }

  emoji(): string {
    return this.#random.pick(EMOJI)
  }

  hex(digits: number): string {
    return this.#random.hex(digits)
  }

  number(from: number, to: number): number {
    return this.#random.integer(from, to)
  }
}

function camelCase([first = '', ...rest]: string[]): string {
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}
