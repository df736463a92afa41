import {readdir, rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import platforms from '../../bin/platforms.json' with {type: 'json'}
import {type BunPlugin, bunBuild} from './bun-api.ts'
import {
  nativeLibsql,
  STORAGE_WORKER,
  smallOclif,
  storageWorkerInBinary,
  withoutPluginSearch,
  withoutReactDevtools,
} from './plugins.ts'

/** As in bin/platforms.json, the one list of them, which the launcher reads too. */
export interface Platform {
  name: string
  os: string
  cpu: string
  libc?: string
  bunTarget: string
  /** libSQL's native part. */
  libsqlPackage: string
}

export const PLATFORMS: readonly Platform[] = platforms

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** One executable with everything in it. */
export async function compile({platform, outfile}: {platform: Platform; outfile: string}): Promise<void> {
  await build({
    entrypoints: ['bin/run.ts', STORAGE_WORKER].map((path) => join(ROOT, path)),
    plugins: [
      nativeLibsql(platform.libsqlPackage),
      storageWorkerInBinary(),
      smallOclif(),
      withoutPluginSearch(),
      withoutReactDevtools(),
    ],
    platform,
    outfile,
  })
  await deleteSourceMaps(outfile)
}

/** A program that does nothing, made as ours is: what start-up times are compared with. */
export async function compileEmpty(options: {entrypoint: string; outfile: string}): Promise<void> {
  const {entrypoint, outfile} = options
  await build({entrypoints: [entrypoint], plugins: [], platform: platformOfThisMachine(), outfile})
}

export function platformOfThisMachine(): Platform {
  const platform = PLATFORMS.find(({os, cpu}) => os === process.platform && cpu === process.arch)
  if (platform === undefined) throw new Error(`bin/platforms.json has no ${process.platform} ${process.arch}`)
  return platform
}

interface BuildOptions {
  entrypoints: string[]
  plugins: BunPlugin[]
  platform: Platform
  outfile: string
}

async function build({entrypoints, plugins, platform, outfile}: BuildOptions): Promise<void> {
  const {success, logs} = await bunBuild({
    entrypoints,
    plugins,
    target: 'bun',
    format: 'esm',
    minify: true,
    bytecode: true,
    // Keeps apart what `--version` and the hooks must not load.
    splitting: true,
    sourcemap: 'linked',
    define: {'process.env.NODE_ENV': '"production"'},
    throw: false,
    // A .env or a bunfig.toml with a preload, in whatever folder the person stands, would run inside the binary.
    compile: {target: platform.bunTarget, outfile, autoloadDotenv: false, autoloadBunfig: false},
  })
  if (!success) throw new Error(logs.map(({message}) => message).join('\n'))
}

/** The maps are inside the binary too; bun leaves a second set of them beside it. */
async function deleteSourceMaps(outfile: string): Promise<void> {
  const folder = dirname(outfile)
  const maps = (await readdir(folder)).filter((name) => name.endsWith('.map') && name !== basename(outfile))
  await Promise.all(maps.map((name) => rm(join(folder, name))))
}
