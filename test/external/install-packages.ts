import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'

const MANIFESTS = ['package.json', 'package-lock.json']

/** Installs what the package.json of a folder names, once for each lock file, outside of the clone; gives the place. */
export function installPackages(manifestFolder: string, options: readonly string[] = []): string {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bmfote-test')
  const lock = readFileSync(join(manifestFolder, 'package-lock.json'))
  const folder = join(cache, createHash('sha256').update(lock).digest('hex').slice(0, 16))
  const stamp = join(folder, '.installed')
  if (existsSync(stamp)) return folder
  mkdirSync(folder, {recursive: true})
  for (const name of MANIFESTS) copyFileSync(join(manifestFolder, name), join(folder, name))
  try {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...options], {
      cwd: folder,
      stdio: 'inherit',
    })
  } catch (cause) {
    const names = Object.keys(
      JSON.parse(readFileSync(join(manifestFolder, 'package.json'), 'utf8')).dependencies,
    )
    throw new Error(
      `${names.join(', ')} could not be installed from the npm registry, and without ${names.length === 1 ? 'it' : 'them'} these tests can't run. What npm says is above.`,
      {cause},
    )
  }
  writeFileSync(stamp, '')
  return folder
}
