import {execFileSync} from 'node:child_process'
import {copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import packageJson from '../package.json' with {type: 'json'}
import {compile, PLATFORMS, type Platform} from './build/compile.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const RELEASE = join(ROOT, 'dist', 'npm')
const LAUNCHER_FILES = [
  'bmfote.js',
  'bmfote-agent.js',
  'find-binary.js',
  'launch.js',
  'platforms.json',
  'postinstall.js',
]

/** What every package of ours says of itself: package.json is the one place. */
const COMMON = {
  version: packageJson.version,
  license: packageJson.license,
  repository: packageJson.repository,
}

/**
 * `npm run release`: everything that is published, packed and not published, in dist/npm: one package with the
 * program for each platform, and `bmfote`, whose launcher finds the one that npm has installed.
 */
rmSync(RELEASE, {recursive: true, force: true})
const packed: string[] = []
for (const platform of PLATFORMS) packed.push(pack(await writePlatformPackage(platform)))
packed.push(pack(writeLauncherPackage()))
console.log(['Packed, to be published in this order:', ...packed.map((file) => `  ${file}`)].join('\n'))

async function writePlatformPackage(platform: Platform): Promise<string> {
  const folder = makeFolder(platform.name)
  await compile({platform, outfile: join(folder, 'bmfote')})
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  writePackageJson(folder, {
    name: `@bmfote/${platform.name}`,
    ...COMMON,
    description: `bmfote for ${platform.name}. Install the package bmfote, which brings it along.`,
    os: [platform.os],
    cpu: [platform.cpu],
    libc: platform.libc ? [platform.libc] : undefined,
    files: ['bmfote'],
    // Yarn keeps packages zipped, and a program in a zip can't be started.
    preferUnplugged: true,
  })
  return folder
}

function writeLauncherPackage(): string {
  const folder = makeFolder('bmfote')
  mkdirSync(join(folder, 'bin'))
  for (const file of LAUNCHER_FILES) cpSync(join(ROOT, 'bin', file), join(folder, 'bin', file))
  for (const file of ['LICENSE', 'README.md']) copyFileSync(join(ROOT, file), join(folder, file))
  writePackageJson(folder, {
    name: packageJson.name,
    ...COMMON,
    description: packageJson.description,
    type: 'module',
    bin: packageJson.bin,
    files: ['bin'],
    engines: packageJson.engines,
    scripts: {postinstall: 'node bin/postinstall.js'},
    optionalDependencies: Object.fromEntries(
      PLATFORMS.map(({name}) => [`@bmfote/${name}`, packageJson.version]),
    ),
  })
  return folder
}

function makeFolder(name: string): string {
  const folder = join(RELEASE, name)
  mkdirSync(folder, {recursive: true})
  return folder
}

function writePackageJson(folder: string, content: object): void {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`)
}

function pack(folder: string): string {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', RELEASE]
  const [{filename}] = JSON.parse(execFileSync('npm', args, {cwd: folder, encoding: 'utf8'}))
  const file = join(RELEASE, filename)
  if (!existsSync(file)) throw new Error(`npm pack said ${filename}, which is not in ${RELEASE}`)
  return file
}
