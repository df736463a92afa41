import {type ChildProcess, execFileSync, spawn} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

/** The release of Debian that the Dockerfile's images are made of. */
const SUITE = 'bookworm'

/** A folder that is the whole file system of what is started in it: as far as a container goes without an engine. */
export class CleanRoot {
  readonly path: string
  readonly env: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  }
  workdir = '/'
  user = 'root'

  constructor(path: string) {
    this.path = path
  }

  /** A copy of `base`, with the names of hosts that this machine knows. */
  static from(base: string, path: string): CleanRoot {
    rmSync(path, {recursive: true, force: true})
    mkdirSync(dirname(path), {recursive: true})
    execFileSync('cp', ['-a', base, path])
    for (const file of ['resolv.conf', 'hosts']) cpSync(`/etc/${file}`, join(path, 'etc', file))
    execFileSync('mount', ['-t', 'proc', 'proc', join(path, 'proc')])
    return new CleanRoot(path)
  }

  within(path: string): string {
    return join(this.path, path.startsWith('/') ? path : join(this.workdir, path))
  }

  /** As RUN does it. */
  shell(command: string, extra: Record<string, string> = {}): void {
    const child = this.#arguments(['/bin/sh', '-c', `cd ${this.workdir} && ${command}`])
    execFileSync('chroot', child, {env: {...this.env, ...extra}, stdio: ['ignore', 'inherit', 'inherit']})
  }

  /** As a container is started: the user, the folder and the variables that the Dockerfile names, and those of -e. */
  start(command: readonly string[], extra: Record<string, string> = {}): ChildProcess {
    const inFolder = ['/bin/sh', '-c', `cd ${this.workdir} && exec "$@"`, 'sh', ...command]
    return spawn('chroot', this.#arguments(inFolder), {
      env: {...this.env, ...extra},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  #arguments(command: readonly string[]): string[] {
    return [`--userspec=${this.user}`, this.path, ...command]
  }

  remove(): void {
    execFileSync('umount', [join(this.path, 'proc')])
    rmSync(this.path, {recursive: true, force: true})
  }
}

/** A minimal Debian, made once; minutes the first time. */
export function debianBase(cache: string): string {
  const path = join(cache, SUITE)
  if (existsSync(path)) return path
  mkdirSync(cache, {recursive: true})
  const making = `${path}.making`
  rmSync(making, {recursive: true, force: true})
  execFileSync('debootstrap', ['--variant=minbase', SUITE, making], {stdio: ['ignore', 2, 2]})
  renameSync(making, path)
  return path
}

/** What node:24-bookworm-slim has over Debian: Node in /usr/local, and npm. */
export function addNode(root: CleanRoot, {node, npm}: {node: string; npm: string}): void {
  cpSync(node, root.within('/usr/local/bin/node'))
  execFileSync('cp', ['-aL', npm, root.within('/usr/local/lib/npm')])
  const launcher = '#!/bin/sh\nexec /usr/local/bin/node /usr/local/lib/npm/bin/npm-cli.js "$@"\n'
  writeFileSync(root.within('/usr/local/bin/npm'), launcher, {mode: 0o755})
}
