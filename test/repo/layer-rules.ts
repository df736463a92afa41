import {isBuiltin} from 'node:module'
import {posix} from 'node:path'
import {scanImports, withoutComments} from './import-scanner.ts'
import type {SourceFile} from './source-files.ts'

/**
 * Which room may import which. Imports point down; ui, server, setup and agent are strangers to each other; storage is
 * reached through memory alone. ARCHITECTURE.md draws the picture.
 */
const BOTTOM = ['model', 'config', 'platform', 'redact']
const CORE = ['memory', 'capture', 'client']
const MIDDLE = ['ui', 'server', 'setup', 'agent']

export const ROOMS: Record<string, readonly string[]> = {
  bin: ['commands', 'cli', ...MIDDLE, ...CORE, ...BOTTOM],
  commands: ['cli', ...MIDDLE, ...CORE, ...BOTTOM],
  // The command map of lib/cli names the commands, which it loads lazily.
  cli: ['commands', ...MIDDLE, ...CORE, ...BOTTOM],
  ui: [...CORE, ...BOTTOM],
  server: [...CORE, ...BOTTOM],
  setup: [...CORE, ...BOTTOM],
  agent: [...CORE, ...BOTTOM],
  // Capture hands what it reads to whatever Memory it is given, and knows the interface only.
  capture: ['memory', 'client', ...BOTTOM],
  memory: ['storage', 'client', ...BOTTOM],
  storage: [...BOTTOM],
  client: [],
  redact: ['model'],
  config: ['model', 'platform'],
  platform: ['model'],
  model: [],
}

/** Where each package from outside may be imported: a path is in a place when it starts with it. */
export const PACKAGES: Record<string, readonly string[]> = {
  '@libsql/client': ['src/lib/storage/'],
  '@anthropic-ai/sdk': ['src/lib/agent/'],
  fastify: ['src/lib/server/'],
  '@fastify/cors': ['src/lib/server/'],
  '@fastify/rate-limit': ['src/lib/server/'],
  '@modelcontextprotocol/server': ['src/lib/server/mcp/'],
  '@modelcontextprotocol/node': ['src/lib/server/mcp/'],
  ajv: ['src/lib/server/'],
  pino: ['src/lib/server/'],
  'pino-pretty': ['src/lib/server/'],
  'prom-client': ['src/lib/server/'],
  ink: ['src/lib/ui/'],
  react: ['src/lib/ui/'],
  'string-width': ['src/lib/ui/'],
  '@oclif/core': ['src/commands/', 'src/lib/cli/'],
  'fastest-levenshtein': ['src/lib/cli/'],
  dotenv: ['src/lib/config/'],
  'json-schema-to-ts': ['src/lib/client/'],
  'jsonc-parser': ['src/lib/setup/'],
}

/** Invariants 1 and 2 of ARCHITECTURE.md, as words that may stand in some places only. */
const WORDS: readonly {word: RegExp; places: readonly string[]; say: string}[] = [
  {
    word: /\bprocess\.env\b/,
    places: ['src/lib/config/', 'src/lib/client/node.ts', 'bin/'],
    say: 'reads the environment; take an Environment as an argument, or read it in src/lib/config',
  },
  {
    word: /\bprocess\.(stdout|stderr|exit|exitCode|argv|argv0)\b|\bconsole\.\w+\(/,
    places: ['bin/', 'src/commands/', 'src/lib/cli/', 'src/lib/ui/'],
    say: 'prints, exits or reads the command line; return a value, and let src/lib/cli or src/lib/ui show it',
  },
]

/** A sentence for each place where a file breaks the rules of the house. */
export function findViolations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [...importViolations(file), ...wordViolations(file)])
}

export function roomOf(path: string): string | undefined {
  const [, room] = /^(?:src\/lib\/([^/]+)\/|src\/(commands)\/|(bin)\/)/.exec(path)?.filter(Boolean) ?? []
  return room
}

function importViolations({path, text}: SourceFile): string[] {
  const room = roomOf(path)
  const mayImport = room === undefined ? undefined : ROOMS[room]
  if (room === undefined || mayImport === undefined) {
    return [`${path} is in no room; add its folder to test/repo/layer-rules.ts, or move it`]
  }
  return scanImports(text).flatMap(({specifier}) => {
    if (specifier.startsWith('.')) {
      const target = roomOf(posix.join(posix.dirname(path), specifier))
      if (target === undefined || target === room || mayImport.includes(target)) return []
      return [`${path} imports ${specifier}: ${room} must not know ${target}`]
    }
    return packageViolation(path, specifier)
  })
}

function packageViolation(path: string, specifier: string): string[] {
  if (isBuiltin(specifier) || specifier.startsWith('bun')) {
    const isEdge = /^src\/lib\/client\/(?!node[./])/.test(path)
    return isEdge ? [`${path} imports ${specifier}: the client runs in browsers and on the edge`] : []
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const places = PACKAGES[name]
  if (places === undefined) return [`${path} imports ${name}: say in test/repo/layer-rules.ts where it lives`]
  if (places.some((place) => path.startsWith(place))) return []
  return [`${path} imports ${name}, which lives in ${places.join(' and ')} only`]
}

function wordViolations({path, text}: SourceFile): string[] {
  const code = withoutComments(text)
  return WORDS.filter(
    ({word, places}) => word.test(code) && !places.some((place) => path.startsWith(place)),
  ).map(({say}) => `${path} ${say}`)
}
