import {execFileSync} from 'node:child_process'
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, posix} from 'node:path'
import {fileURLToPath} from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CLIENT = join(ROOT, 'src', 'lib', 'client')

/** What a program that imports the client reads from: each with the files that it imports. */
const ENTRIES = ['node.js', 'index.js', 'node.d.ts']

/**
 * `exports` of a package that holds the client below `folder`. Runtimes without a file system come first: some of them
 * also call themselves node.
 */
export function clientExports(folder: string): Record<string, string> {
  const at = (file: string) => `./${posix.join(folder, file)}`
  const withoutFiles = ['workerd', 'worker', 'edge-light', 'browser'].map((name) => [name, at('index.js')])
  const withFiles = ['deno', 'bun', 'node'].map((name) => [name, at('node.js')])
  return Object.fromEntries([
    ['types', at('node.d.ts')],
    ...withoutFiles,
    ...withFiles,
    ['default', at('index.js')],
  ])
}

/** The client as JavaScript and types, with its own licence and README. */
export function writeClientFiles(folder: string): void {
  const built = mkdtempSync(join(tmpdir(), 'bmfote-client-'))
  try {
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc')
    execFileSync(tsc, ['-p', join(CLIENT, 'tsconfig.json'), '--outDir', built], {stdio: 'inherit'})
    for (const file of reachable(built)) {
      mkdirSync(dirname(join(folder, file)), {recursive: true})
      writeFileSync(join(folder, file), withJsImports(readFileSync(join(built, file), 'utf8')))
    }
  } finally {
    rmSync(built, {recursive: true, force: true})
  }
  for (const file of ['LICENSE', 'README.md']) copyFileSync(join(CLIENT, file), join(folder, file))
}

/** Types say less than the code imports: what no entry leads to would only be weight. */
function reachable(built: string): string[] {
  const found = new Set<string>()
  const visit = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    const text = readFileSync(join(built, file), 'utf8')
    for (const [, specifier = ''] of text.matchAll(IMPORT)) {
      const target = posix.join(posix.dirname(file), specifier)
      visit(file.endsWith('.d.ts') ? typesOf(built, target) : target)
    }
  }
  for (const entry of ENTRIES) visit(entry)
  return [...found].sort()
}

const IMPORT = /(?:from|import\()\s*'(\.[^']+)'/g

/** TypeScript leaves `.ts` in the imports of its declarations; what is published has no such files. */
function withJsImports(text: string): string {
  return text.replace(IMPORT, (found) => found.replace(/\.ts'$/, ".js'"))
}

function typesOf(built: string, target: string): string {
  const types = target.replace(/(?:\.d)?\.[jt]s$/, '.d.ts')
  if (!existsSync(join(built, types))) throw new Error(`${types} is imported, and was not built`)
  return types
}
