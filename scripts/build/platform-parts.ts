import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type Platform, platformOfThisMachine} from './platforms.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Beside what is built of them; thrown away with it. */
const FETCHED = join(ROOT, 'dist', '.parts')

/** What a program for another machine is made of. */
export interface PlatformParts {
  /** The bun that the program runs on; undefined: the one that builds it. */
  runtime?: string
  /** libSQL's native part. */
  native: string
}

/**
 * Of this machine they lie in node_modules, where npm leaves those of other machines out. Those are fetched from the
 * registry that npm is set to, by the versions and the checksums of the lockfile: bun itself would download its
 * runtimes from elsewhere, unchecked.
 */
export function platformParts(platform: Platform): PlatformParts {
  if (platform.name === platformOfThisMachine().name) {
    return {native: join(ROOT, 'node_modules', platform.libsqlPackage, 'index.node')}
  }
  const program = platform.os === 'win32' ? 'bun.exe' : 'bun'
  return {
    runtime: join(fetchPackage(platform.bunPackage), 'bin', program),
    native: join(fetchPackage(platform.libsqlPackage), 'index.node'),
  }
}

/** The folder of the unpacked package. */
function fetchPackage(name: string): string {
  const {version, integrity} = lockedPackage(name)
  const folder = join(FETCHED, `${name.replace('/', '-').replace('@', '')}-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(FETCHED, {recursive: true})
  const temporary = mkdtempSync(join(FETCHED, '.fetching-'))
  try {
    const args = [
      'pack',
      `${name}@${version}`,
      '--json',
      '--ignore-scripts',
      '--loglevel=error',
      '--pack-destination',
      temporary,
    ]
    const [packed] = JSON.parse(execFileSync('npm', args, {cwd: ROOT, encoding: 'utf8'}))
    // npm has checked the file against what the registry says; the lockfile is what we have agreed to.
    if (packed.integrity !== integrity) {
      throw new Error(`${name}@${version} is not the package that package-lock.json names`)
    }
    execFileSync('tar', ['-xzf', join(temporary, packed.filename), '-C', temporary])
    renameSync(join(temporary, 'package'), folder)
  } finally {
    rmSync(temporary, {recursive: true, force: true})
  }
  return folder
}

function lockedPackage(name: string): {version: string; integrity: string} {
  const {packages} = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const locked = packages[`node_modules/${name}`]
  if (locked?.integrity === undefined) throw new Error(`package-lock.json has no ${name} with a checksum`)
  return locked
}
