import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  path: string
  text: string
}

/** Files below a folder of the repository whose path ends in one of `endings`. */
export function readSourceFiles(folder: string, endings: readonly string[]): SourceFile[] {
  return readdirSync(join(ROOT, folder), {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).replaceAll('\\', '/'))
    .sort()
    .map((path) => ({path, text: readRepositoryFile(path)}))
}

/** What ships: the product's own code without its tests. */
export function readProductFiles(): SourceFile[] {
  const files = [...readSourceFiles('src', ['.ts', '.tsx']), ...readSourceFiles('bin', ['.ts', '.js'])]
  return files.filter(({path}) => !/\.(test|d)\.tsx?$/.test(path))
}

export function readRepositoryFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
