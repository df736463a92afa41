import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join, relative} from 'node:path'
import {parseArgs} from 'node:util'
import {CONTENT_CHARS_MAX} from '../src/lib/model/limits.ts'
import {scanText} from '../src/lib/redact/scan-text.ts'

/** What people talk about with an AI tool: sources, documents, settings, lock files, recorded conversations. */
const TEXT_FILES =
  /\.(?:[cm]?[jt]sx?|json|jsonl|md|txt|ya?ml|toml|css|html|map|sh|py|go|rs|java|h|c|cc|rst|sql|lock|env)$|(?:^|\/)(?:LICENSE|README|CHANGELOG|Makefile)$/i
const FILE_BYTES_MAX = 20_000_000

/**
 * Redacts texts that should hold no secret and shows every place where it cut something all the same: files below the
 * folders, in pieces as long as a message may be, and the commits of the repository.
 */
function countFalseHits(folders: readonly string[]): void {
  const counts = {texts: 0, textsHit: 0}
  for (const {name, text} of texts(folders)) {
    counts.texts++
    const findings = scanText(text)
    if (findings.length > 0) counts.textsHit++
    for (const {kind, excerpt} of findings) console.log(`${kind.padEnd(18)} ${name}\n    ${excerpt}`)
  }
  const perThousand = (counts.textsHit * 1_000) / counts.texts
  console.log(`\n${counts.textsHit} of ${counts.texts} texts hit: ${perThousand.toFixed(2)} in 1,000`)
}

function* texts(folders: readonly string[]): Generator<{name: string; text: string}> {
  for (const folder of folders) {
    for (const path of textFiles(folder)) {
      const text = readFileSync(path, 'utf8')
      for (let start = 0; start < text.length; start += CONTENT_CHARS_MAX) {
        yield {name: relative('.', path), text: text.slice(start, start + CONTENT_CHARS_MAX)}
      }
    }
  }
  const log = execFileSync('git', ['log', '-p', '--format=%x00%H%n%an <%ae>%n%B'], {
    maxBuffer: 1e9,
  }).toString()
  for (const commit of log.split('\0').slice(1)) {
    yield {name: `commit ${commit.slice(0, 8)}`, text: commit.slice(0, CONTENT_CHARS_MAX)}
  }
}

function* textFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, {withFileTypes: true})) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* textFiles(path)
    else if (entry.isFile() && TEXT_FILES.test(path) && statSync(path).size < FILE_BYTES_MAX) yield path
  }
}

const {positionals} = parseArgs({allowPositionals: true})
countFalseHits(positionals.length > 0 ? positionals : ['node_modules', 'test/fixtures', 'src'])
