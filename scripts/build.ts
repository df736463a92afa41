import {link, mkdir, mkdtemp, rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {compile} from './build/compile.ts'
import {PLATFORMS, type Platform, platformOfThisMachine} from './build/platforms.ts'
import {writeCommandFiles} from './generate-commands.ts'

const DIST = fileURLToPath(new URL('../dist', import.meta.url))

/**
 * `npm run build`: dist/bmfote, and the same program under its second name. Both are put in place by renaming, so
 * that a server that runs from the old file, or a test that starts one now, never meets half a program. With the name of
 * a platform, for that one: the Dockerfile asks for `linux-amd64` or `linux-arm64`, as containers call them.
 */
const platform = askedFor(process.argv[2])
await writeCommandFiles()
await mkdir(DIST, {recursive: true})
const folder = await mkdtemp(join(DIST, '.building-'))
try {
  await compile({platform, outfile: join(folder, 'bmfote')})
  await link(join(folder, 'bmfote'), join(folder, 'bmfote-agent'))
  await rename(join(folder, 'bmfote'), join(DIST, 'bmfote'))
  await rename(join(folder, 'bmfote-agent'), join(DIST, 'bmfote-agent'))
} finally {
  await rm(folder, {recursive: true, force: true})
}

function askedFor(name: string | undefined): Platform {
  if (name === undefined) return platformOfThisMachine()
  // What containers and uname call the processors.
  const ours = name.replace(/-(amd64|x86_64)$/, '-x64').replace(/-aarch64$/, '-arm64')
  const platform = PLATFORMS.find((one) => one.name === ours)
  if (platform === undefined) throw new Error(`bin/platforms.json has no ${name}`)
  return platform
}
