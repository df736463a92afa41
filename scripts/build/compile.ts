import {readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type BunPlugin, bunBuild} from './bun-api.ts'
import {platformParts} from './platform-parts.ts'
import {type Platform, platformOfThisMachine} from './platforms.ts'
import {
  nativeLibsql,
  STORAGE_WORKER,
  smallOclif,
  storageWorkerInBinary,
  withoutPluginSearch,
  withoutReactDevtools,
} from './plugins.ts'
import {isSignedMacho, signMacho} from './sign-macho.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** One executable with everything in it. */
export async function compile({platform, outfile}: {platform: Platform; outfile: string}): Promise<void> {
  const {native, runtime} = platformParts(platform)
  await build({
    entrypoints: ['bin/run.ts', STORAGE_WORKER].map((path) => join(ROOT, path)),
    plugins: [
      nativeLibsql(native),
      storageWorkerInBinary(),
      smallOclif(),
      withoutPluginSearch(),
      withoutReactDevtools(),
    ],
    platform,
    runtime,
    outfile,
  })
  await deleteSourceMaps(outfile)
  if (platform.os === 'darwin') await signForMacos(outfile)
}

async function signForMacos(path: string): Promise<void> {
  const program = await readFile(path)
  if (isSignedMacho(program)) return
  await writeFile(path, signMacho(program, 'bmfote'))
}

/** A program that does nothing, made as ours is: what start-up times are compared with. */
export async function compileEmpty(options: {entrypoint: string; outfile: string}): Promise<void> {
  const {entrypoint, outfile} = options
  await build({entrypoints: [entrypoint], plugins: [], platform: platformOfThisMachine(), outfile})
}

interface BuildOptions {
  entrypoints: string[]
  plugins: BunPlugin[]
  platform: Platform
  /** Default: the bun that builds. */
  runtime?: string
  outfile: string
}

async function build({entrypoints, plugins, platform, runtime, outfile}: BuildOptions): Promise<void> {
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
    compile: {
      target: platform.bunTarget,
      outfile,
      ...(runtime === undefined ? {} : {executablePath: runtime}),
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
  })
  if (!success) throw new Error(logs.map(({message}) => message).join('\n'))
}

/** The maps are inside the binary too; bun leaves a second set of them beside it. */
async function deleteSourceMaps(outfile: string): Promise<void> {
  const folder = dirname(outfile)
  const maps = (await readdir(folder)).filter((name) => name.endsWith('.map') && name !== basename(outfile))
  await Promise.all(maps.map((name) => rm(join(folder, name))))
}
