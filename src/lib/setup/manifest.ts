import {createHash} from 'node:crypto'
import {dirname, join} from 'node:path'
import {BmfoteError} from '../model/errors.ts'
import {
  type FileContent,
  type FileState,
  type FileSystem,
  readState,
  textOf,
  writeWhole,
} from './file-system.ts'

/** What setup has changed on this machine, and how it was before: all that removal needs to know. */
export interface Manifest {
  format: 1
  installations: Installation[]
  /** In the order in which they were changed. */
  files: FileRecord[]
  /** Folders that were made, the outermost first. */
  folders: string[]
}

export interface Installation {
  tool: string
  /** Of the bmfote that set it up. */
  version: string
  /** ISO 8601. */
  at: string
  /** Claude Code's folders at that time: CLAUDE_CONFIG_DIR makes more than one possible. */
  claude: string
  claudeJson: string
}

export interface FileRecord {
  path: string
  /** The tool that it was done for, or `bmfote` for what all of them share. */
  owner: string
  /** As it was before; null: there was no such file. */
  original: SavedFile | null
  /** As setup left it; null: setup took it away. */
  written: {sha256: string; mode: number} | null
  /** A removal has put it back already. */
  undone?: true
}

export interface SavedFile {
  sha256: string
  mode: number
  /** A copy, below BMFOTE_HOME. */
  backup: string
}

export const SHARED_OWNER = 'bmfote'

/** The manifest's file, and the copies beside it. */
export interface ManifestStore {
  read(): Promise<Manifest>
  write(manifest: Manifest): Promise<void>
  save(path: string, content: FileContent): Promise<SavedFile>
  load(saved: SavedFile): Promise<Uint8Array>
  /** The manifest and every copy. */
  removeAll(): Promise<void>
}

export function openManifest(options: {path: string; backups: string; fs: FileSystem}): ManifestStore {
  const {path, fs} = options
  const backups = join(options.backups, 'setup')
  return {
    async read() {
      return parseManifest(await readState(path, fs))
    },
    async write(manifest) {
      await fs.mkdir(dirname(path), {recursive: true, mode: 0o700})
      const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
      await writeWhole(await readState(path, fs), {bytes, mode: 0o600}, fs)
    },
    async save(original, {bytes, mode}) {
      const sha256 = hashOf(bytes)
      const name = original.split(/[\\/]/).at(-1) ?? ''
      const backup = join(backups, `${name.replace(/^\./, '')}.${sha256.slice(0, 12)}`)
      await fs.mkdir(backups, {recursive: true, mode: 0o700})
      await writeWhole(await readState(backup, fs), {bytes, mode: 0o600}, fs)
      return {sha256, mode, backup}
    },
    async load({backup, sha256}) {
      const {content} = await readState(backup, fs)
      if (content === undefined || hashOf(content.bytes) !== sha256) {
        throw new BmfoteError(
          'conflict',
          `The copy ${backup} of a file as it was before setup is gone or changed.`,
        )
      }
      return content.bytes
    },
    async removeAll() {
      await fs.rm(backups, {recursive: true, force: true})
      await fs.rm(path, {force: true})
    },
  }
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function parseManifest(state: FileState): Manifest {
  const text = textOf(state)
  if (text === undefined) return {format: 1, installations: [], files: [], folders: []}
  const manifest = parseJson(text) as Partial<Manifest> | undefined
  if (manifest?.format === 1) return manifest as Manifest
  throw new BmfoteError('conflict', `${state.path}, where setup notes what it changed, can't be read.`, {
    next:
      manifest?.format === undefined
        ? `Move it away to do without: removal then takes out what is recognisably bmfote's.`
        : 'It was written by a newer bmfote: use that one.',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
