import {mkdir, readdir, writeFile} from 'node:fs/promises'
import {join, relative, sep} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {Plugin} from '@oclif/core'

export interface GeneratedFile {
  /** Relative to the repository. */
  path: string
  content: string
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const COMMANDS_FOLDER = 'src/commands'
const MAP = 'src/lib/cli/command-map.generated.ts'
const MANIFEST = 'src/lib/cli/command-manifest.generated.json'
const NOTICE = '// Written by `npm run generate` from the files in src/commands. Do not edit.'

/**
 * What the binary needs to know its commands without reading a folder: a map of lazy imports, and oclif's manifest.
 * Every file below src/commands whose default export is a command is one.
 */
export async function generateCommandFiles(root = ROOT): Promise<GeneratedFile[]> {
  const files = await listCommandFiles(join(root, COMMANDS_FOLDER))
  const commands = files.map((file) => ({id: commandId(file), file}))
  commands.sort((a, b) => (a.id < b.id ? -1 : 1))
  return [
    {path: MAP, content: renderMap(commands)},
    {path: MANIFEST, content: await renderManifest(root, commands)},
  ]
}

export async function writeCommandFiles(root = ROOT): Promise<void> {
  for (const {path, content} of await generateCommandFiles(root)) {
    await mkdir(join(root, path, '..'), {recursive: true})
    await writeFile(join(root, path), content)
  }
}

async function listCommandFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

/** `server/start.ts` is `server:start`; `setup/index.ts` is `setup`. */
function commandId(file: string): string {
  return file
    .replace(/\.tsx?$/, '')
    .replace(/\/index$/, '')
    .replaceAll('/', ':')
}

interface CommandFile {
  id: string
  file: string
}

function renderMap(commands: CommandFile[]): string {
  const lines = commands.map(({id, file}) => `  '${id}': () => import('../../commands/${file}'),`)
  return [
    NOTICE,
    "import type {Command} from '@oclif/core'",
    '',
    'export const COMMANDS: Record<string, () => Promise<{default: Command.Class}>> = {',
    ...lines,
    '}',
    '',
  ].join('\n')
}

async function renderManifest(root: string, commands: CommandFile[]): Promise<string> {
  const cached: Record<string, unknown> = {}
  for (const command of await loadCommands(root)) {
    const {load: _, pluginAlias: __, pluginName: ___, pluginType: ____, ...rest} = command
    if (rest.flags.json) rest.flags.json = {...rest.flags.json, ...JSON_FLAG}
    cached[command.id] = Object.fromEntries(Object.entries(rest).filter(([key]) => !UNUSED_KEYS.has(key)))
  }
  const missing = commands.filter(({id}) => !(id in cached))
  if (missing.length > 0) {
    throw new Error(`No command class in ${missing.map(({file}) => `${COMMANDS_FOLDER}/${file}`).join(', ')}`)
  }
  const ordered = Object.fromEntries(commands.map(({id}) => [id, cached[id]]))
  return `${JSON.stringify({commands: ordered}, null, 2)}\n`
}

/** oclif adds the flag by itself, with words of its own. */
const JSON_FLAG = {description: 'print the answer as JSON, as the server gives it', helpGroup: undefined}

/** oclif notes where it found a command; the binary has no such place. */
const UNUSED_KEYS = new Set(['isESM', 'relativePath'])

async function loadCommands(root: string): Promise<Plugin['commands']> {
  const plugin = new Plugin({
    root,
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
    pjson: {
      name: 'bmfote',
      version: '0.0.0',
      type: 'module',
      oclif: {commands: {strategy: 'pattern', target: COMMANDS_FOLDER}},
    },
  })
  await plugin.load()
  return plugin.commands
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeCommandFiles()
}
