import {execFileSync} from 'node:child_process'
import {copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import packageJson from '../package.json' with {type: 'json'}
import {clientExports, writeClientFiles} from './build/client-package.ts'
import {compile} from './build/compile.ts'
import {PLATFORMS, type Platform} from './build/platforms.ts'

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
 * program for each platform, `bmfote-client`, and `bmfote`, whose launcher finds the program that npm has installed.
 * With names of platforms only those: `npm run release -- linux-x64`.
 */
const platforms = askedFor(process.argv.slice(2))
rmSync(RELEASE, {recursive: true, force: true})
const packed: string[] = []
for (const platform of platforms) packed.push(pack(await writePlatformPackage(platform)))
packed.push(pack(writeClientPackage()))
packed.push(pack(writeLauncherPackage()))
console.log(['Packed, to be published in this order:', ...packed.map((file) => `  ${file}`)].join('\n'))
console.log(describeTrials(platforms))

function askedFor(names: readonly string[]): readonly Platform[] {
  const unknown = names.filter((name) => !PLATFORMS.some((platform) => platform.name === name))
  if (unknown.length > 0) {
    console.error(
      `There is no platform "${unknown.join(', ')}": ${PLATFORMS.map(({name}) => name).join(', ')}.`,
    )
    process.exit(2)
  }
  return names.length === 0 ? PLATFORMS : PLATFORMS.filter(({name}) => names.includes(name))
}

/** Whoever publishes must know what was built and never seen running. */
function describeTrials(built: readonly Platform[]): string {
  const namesOf = (tried: Platform['tried']) =>
    built
      .filter((platform) => platform.tried === tried)
      .map(({name}) => name)
      .join(', ')
  return [
    `Run by the tests:      ${namesOf('tests') || 'none'}`,
    `Run in an emulator:    ${namesOf('emulator') || 'none'}`,
    `Built, and NEVER RUN:  ${namesOf('never') || 'none'}`,
  ].join('\n')
}

async function writePlatformPackage(platform: Platform): Promise<string> {
  const folder = makeFolder(platform.name)
  const program = platform.os === 'win32' ? 'bmfote.exe' : 'bmfote'
  await compile({platform, outfile: join(folder, program)})
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  writePackageJson(folder, {
    name: `@bmfote/${platform.name}`,
    ...COMMON,
    description: `bmfote for ${platform.name}. Install the package bmfote, which brings it along.`,
    os: [platform.os],
    cpu: [platform.cpu],
    libc: platform.libc ? [platform.libc] : undefined,
    files: [program],
    // Yarn keeps packages zipped, and a program in a zip can't be started.
    preferUnplugged: true,
  })
  return folder
}

/** For agents: it needs no program of ours, and depends on nothing. */
function writeClientPackage(): string {
  const folder = makeFolder('bmfote-client')
  writeClientFiles(folder)
  writePackageJson(folder, {
    name: 'bmfote-client',
    version: packageJson.version,
    description: 'The memory that your AI tools share, for agents on the Messages API and the Agent SDK',
    license: 'MIT',
    repository: {...packageJson.repository, directory: 'src/lib/client'},
    type: 'module',
    sideEffects: false,
    exports: {'.': clientExports('')},
    types: './node.d.ts',
    engines: packageJson.engines,
  })
  return folder
}

function writeLauncherPackage(): string {
  const folder = makeFolder('bmfote')
  mkdirSync(join(folder, 'bin'))
  for (const file of LAUNCHER_FILES) cpSync(join(ROOT, 'bin', file), join(folder, 'bin', file))
  // The launcher names the packages of this release, and promises no other.
  writeFileSync(join(folder, 'bin', 'platforms.json'), `${JSON.stringify(platforms, null, 2)}\n`)
  for (const file of ['LICENSE', 'README.md']) copyFileSync(join(ROOT, file), join(folder, file))
  writeClientFiles(join(folder, 'client'))
  writePackageJson(folder, {
    name: packageJson.name,
    ...COMMON,
    description: packageJson.description,
    type: 'module',
    bin: packageJson.bin,
    // The client keeps its own licence here too, in its folder.
    exports: {'./client': clientExports('client')},
    files: ['bin', 'client'],
    engines: packageJson.engines,
    scripts: {postinstall: 'node bin/postinstall.js'},
    optionalDependencies: Object.fromEntries(
      platforms.map(({name}) => [`@bmfote/${name}`, packageJson.version]),
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
