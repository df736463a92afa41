import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {TestProject} from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the programs of others are installed. */
    strangers: string
  }
}

const MANIFESTS = ['package.json', 'package-lock.json']

/** Installs what package.json beside this file names, once for each lock file, outside of the clone. */
export function setup(project: TestProject): void {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bmfote-test')
  const lock = fileURLToPath(new URL('package-lock.json', import.meta.url))
  const version = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 16)
  const folder = join(cache, version)
  const stamp = join(folder, '.installed')
  if (!existsSync(stamp)) {
    mkdirSync(folder, {recursive: true})
    for (const name of MANIFESTS)
      copyFileSync(fileURLToPath(new URL(name, import.meta.url)), join(folder, name))
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: 'inherit',
    })
    writeFileSync(stamp, '')
  }
  project.provide('strangers', folder)
}
