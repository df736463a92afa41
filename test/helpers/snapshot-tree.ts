import {lstatSync, readdirSync, readFileSync, readlinkSync} from 'node:fs'
import {join, relative} from 'node:path'

/** Every file, folder and link below a folder, with mode and content: equal when nothing was changed, to the byte. */
export function snapshotTree(root: string): Record<string, string> {
  const entries = readdirSync(root, {recursive: true, withFileTypes: true})
  const described = entries.map((entry): [string, string] => {
    const path = join(entry.parentPath, entry.name)
    return [relative(root, path), describePath(path)]
  })
  return Object.fromEntries(described.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function describePath(path: string): string {
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) return `link to ${readlinkSync(path)}`
  const mode = (stats.mode & 0o7777).toString(8)
  return stats.isDirectory() ? `folder ${mode}` : `file ${mode} ${readFileSync(path).toString('latin1')}`
}
