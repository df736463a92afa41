import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {TestProject} from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** n8n's program, for Node. */
    n8n: string
  }
}

const MANIFEST = fileURLToPath(new URL('package.json', import.meta.url))

/**
 * Once for each state of package.json, outside of the clone: 1.8 GB. With its scripts, for one of its packages is compiled,
 * and without a lock file, which would be larger than all the rest of this repository.
 */
export function setup(project: TestProject): void {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bmfote-test')
  const hash = createHash('sha256').update(readFileSync(MANIFEST)).digest('hex').slice(0, 16)
  const folder = join(cache, `n8n-${hash}`)
  const stamp = join(folder, '.installed')
  if (!existsSync(stamp)) {
    mkdirSync(folder, {recursive: true})
    copyFileSync(MANIFEST, join(folder, 'package.json'))
    const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
    execFileSync('npm', args, {cwd: folder, stdio: 'inherit'})
    writeFileSync(stamp, '')
  }
  project.provide('n8n', join(folder, 'node_modules', 'n8n', 'bin', 'n8n'))
}
