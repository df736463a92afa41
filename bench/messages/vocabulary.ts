import {Random} from './random.ts'

const COMMON = `the to a of and in it is that for we this on with be not are as have but if from can so at or an do
will by should was you what when there which all has they no more only one now then just also how use still like need
into same after does before new out any up because make work see each our than where other some get over here its add
run time first two made know why try way been don't let's maybe done back them both every while about through without
fix change these since even set down want think never always between another instead again already left right`

const TECHNICAL = `test error file function server query index cache token session message user request response table
column migration deploy build branch commit merge release config path folder line code type value key string number
list map object array class module import export client route handler schema database connection transaction lock
timeout retry queue worker thread process memory heap leak socket port proxy header cookie login password permission
role tenant workspace invoice payment checkout order cart customer product price discount tax currency report chart
dashboard filter search sort page cursor limit offset batch stream buffer chunk parse encode decode escape quote
encoding unicode locale timezone date parser compiler linter formatter container image volume network cluster node pod
service gateway webhook event listener callback promise async await exception stack trace log metric alert budget
latency throughput benchmark profile flame graph snapshot fixture mock stub assertion coverage flaky green red pipeline
artifact cache package dependency version upgrade rollback hotfix feature flag experiment backup restore replica shard
partition vacuum trigger constraint foreign primary unique nullable default checksum hash salt signature certificate
firewall subnet bucket archive tarball symlink daemon cron scheduler shell terminal prompt editor plugin extension hook`

/** The words that code is about, each as good as the other. */
export const TECHNICAL_WORDS: readonly string[] = [...new Set(TECHNICAL.split(/\s+/))]

const ONSETS = [
  'b',
  'br',
  'c',
  'cl',
  'd',
  'dr',
  'f',
  'fl',
  'g',
  'gr',
  'h',
  'j',
  'k',
  'l',
  'm',
  'n',
  'p',
  'pr',
  'qu',
  'r',
]
const MORE_ONSETS = ['s', 'sh', 'sk', 'st', 't', 'th', 'tr', 'v', 'w', 'z']
const RHYMES = [
  'a',
  'ae',
  'an',
  'ar',
  'e',
  'el',
  'en',
  'er',
  'i',
  'in',
  'ir',
  'is',
  'o',
  'on',
  'or',
  'u',
  'um',
  'us',
]

/** What people rarely say makes up most of a vocabulary, and is what they search for. */
const RARE_WORDS = 30_000

/** Words by frequency, drawn as language draws them: the word of rank r a little less than 1/r as often as the first. */
export class Vocabulary {
  readonly #words: Drawn
  readonly #nouns: Drawn

  constructor() {
    const common = new Set(COMMON.split(/\s+/))
    const words = [...new Set([...common, ...TECHNICAL.split(/\s+/), ...rareWords()])]
    const weighted = words.map((word, rank) => ({word, weight: 1 / (rank + 2.7) ** 1.2}))
    this.#words = new Drawn(weighted)
    this.#nouns = new Drawn(weighted.filter(({word}) => !common.has(word)))
  }

  /** A word that code and files are named after. */
  noun(random: Random): string {
    return this.#nouns.draw(random)
  }

  word(random: Random): string {
    return this.#words.draw(random)
  }
}

class Drawn {
  readonly #words: string[]
  readonly #cumulative: Float64Array

  constructor(weighted: readonly {word: string; weight: number}[]) {
    this.#words = weighted.map(({word}) => word)
    this.#cumulative = new Float64Array(weighted.length)
    let sum = 0
    weighted.forEach(({weight}, rank) => {
      sum += weight
      this.#cumulative[rank] = sum
    })
  }

  draw(random: Random): string {
    const target = random.next() * (this.#cumulative.at(-1) ?? 0)
    let low = 0
    let high = this.#words.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#cumulative[middle] ?? 0) < target) low = middle + 1
      else high = middle
    }
    return this.#words[low] ?? 'the'
  }
}

function rareWords(): string[] {
  const random = new Random(7)
  const onsets = [...ONSETS, ...MORE_ONSETS]
  return Array.from({length: RARE_WORDS}, () => {
    const syllables = random.integer(2, 4)
    return Array.from({length: syllables}, () => random.pick(onsets) + random.pick(RHYMES)).join('')
  })
}
