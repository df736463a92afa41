import type {Random} from './random.ts'
import type {Vocabulary} from './vocabulary.ts'

const CJK = [
  '部署之前先运行测试，然后检查日志。',
  '数据库连接超时，请增加重试次数。',
  '这个函数返回的值不正确，需要修改。',
  'デプロイの前にテストを実行してください。',
  '接続がタイムアウトしました。設定を確認します。',
  '배포하기 전에 테스트를 먼저 실행하세요.',
]

interface Blanks {
  name: string
  n: number
}

const ERRORS = [
  ({name}: Blanks) => `TypeError: Cannot read properties of undefined (reading '${name}')`,
  ({name}: Blanks) =>
    `error TS2345: Argument of type '${name}' is not assignable to parameter of type 'string'.`,
  ({n}: Blanks) => `Error: connect ECONNREFUSED 127.0.0.1:${n}`,
  ({name}: Blanks) => `SqliteError: no such column: ${name}`,
  ({n}: Blanks) => `panic: runtime error: index out of range [${n % 97}] with length ${n % 13}`,
  ({name}: Blanks) => `ModuleNotFoundError: No module named '${name}'`,
  ({name}: Blanks) => `fatal: couldn't find remote ref ${name}`,
  ({name, n}: Blanks) => `npm error code ELIFECYCLE ${name}@${n % 9}.${n % 31}.0 exit status 1`,
]

const EXTENSIONS = ['ts', 'tsx', 'py', 'go', 'sql', 'rs', 'md', 'json']

/** Pieces of the talk between people, models and tools. */
export class Texts {
  readonly #random: Random
  readonly #vocabulary: Vocabulary

  constructor(random: Random, vocabulary: Vocabulary) {
    this.#random = random
    this.#vocabulary = vocabulary
  }

  prose(sentences: number): string {
    return Array.from({length: sentences}, () => this.sentence()).join(' ')
  }

  sentence(): string {
    const random = this.#random
    if (random.chance(0.01)) return random.pick(CJK)
    const words = Array.from({length: random.integer(5, 18)}, () => this.#wordOrName())
    const text = words.join(' ')
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}${random.pick(['.', '.', '.', '.', '?', ':'])}`
  }

  #wordOrName(): string {
    const roll = this.#random.next()
    if (roll < 0.93) return this.#vocabulary.word(this.#random)
    if (roll < 0.97) return `\`${this.identifier()}\``
    return roll < 0.99 ? this.path() : String(this.#random.integer(2, 9_999))
  }

  identifier(): string {
    const [first = 'x', ...rest] = Array.from({length: this.#random.integer(2, 3)}, () => this.#noun())
    if (this.#random.chance(0.3)) return [first, ...rest].join('_')
    return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  }

  path(): string {
    const folders = Array.from({length: this.#random.integer(1, 3)}, () => this.#noun())
    return `src/${folders.join('/')}.${this.#random.pick(EXTENSIONS)}`
  }

  error(): string {
    return this.#random.pick(ERRORS)({name: this.identifier(), n: this.#random.integer(1_024, 65_535)})
  }

  code(lines: number): string {
    const body = Array.from({length: lines}, () => {
      return `  const ${this.identifier()} = await ${this.identifier()}(${this.identifier()}, ${this.#random.integer(0, 99)})`
    })
    return `export async function ${this.identifier()}(${this.identifier()}: string) {\n${body.join('\n')}\n}`
  }

  log(lines: number): string {
    const seconds = this.#random.integer(0, 59)
    return Array.from({length: lines}, (_, line) => {
      const stamp = `10:${String((seconds + line) % 60).padStart(2, '0')}:${String(line % 60).padStart(2, '0')}`
      const subject = `${this.#noun()} ${this.#noun()}`
      return `${stamp} ${this.#random.pick(['info', 'info', 'debug', 'warn'])} ${subject} ${this.path()}:${line + 1}`
    }).join('\n')
  }

  /** About so many characters of what files and commands hold: code with its comments, logs, prose, words in each. */
  page(chars: number): string {
    const blocks: string[] = []
    for (let length = 0; length < chars; length += blocks.at(-1)?.length ?? 1) {
      const roll = this.#random.next()
      if (roll < 0.45) blocks.push(`// ${this.sentence()}\n${this.code(this.#random.integer(2, 8))}`)
      else if (roll < 0.65) blocks.push(this.log(this.#random.integer(2, 8)))
      else blocks.push(this.prose(this.#random.integer(1, 5)))
    }
    return blocks.join('\n').slice(0, Math.max(chars, 20)).toWellFormed()
  }

  #noun(): string {
    return this.#vocabulary.noun(this.#random)
  }
}
