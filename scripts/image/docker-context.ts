import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'

/**
 * The files that `COPY . .` would see: what git knows or would take, less what .dockerignore leaves out. Of its rules as
 * many as ours has: `*`, `!name` for a file or folder at the top, and patterns that begin with two stars and a slash.
 */
export function contextFiles(root: string, ignore: string): string[] {
  const args = ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard']
  const files = execFileSync('git', args, {cwd: root, encoding: 'utf8'}).trim().split('\n')
  const isIgnored = ignoreRules(ignore)
  return files.filter((file) => !isIgnored(file) && existsSync(join(root, file)))
}

export function ignoreRules(ignore: string): (file: string) => boolean {
  const rules = ignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return (file) => {
    let isIgnored = false
    // The last rule that fits decides.
    for (const rule of rules) {
      const isException = rule.startsWith('!')
      if (fits(isException ? rule.slice(1) : rule, file)) isIgnored = !isException
    }
    return isIgnored
  }
}

function fits(pattern: string, file: string): boolean {
  if (pattern === '*') return true
  if (pattern.startsWith('**/*')) return file.endsWith(pattern.slice(4))
  return file === pattern || file.startsWith(`${pattern}/`)
}
