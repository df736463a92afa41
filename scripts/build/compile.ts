import {existsSync} from 'node:fs'
import {readdir, rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {bunBuild} from './bun-api.ts'
import {nativeLibsql, withoutReactDevtools} from './plugins.ts'

/** The platforms that a binary can be made for: bun's name of the target, and libSQL's native package for it. */
export const TARGETS = {
  'linux-x64': {bun: 'bun-linux-x64', native: '@libsql/linux-x64-gnu'},
} as const

export type Target = keyof typeof TARGETS

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Runs in a thread of its own, so that it must stay a file of its own: the memory starts it by its URL. */
const STORAGE_WORKER = 'src/lib/memory/storage-worker.ts'

/** One executable with everything in it. Splitting keeps apart what `--version` and the hooks must not load. */
export async function compile({target, outfile}: {target: Target; outfile: string}): Promise<void> {
  const {bun, native} = TARGETS[target]
  const entrypoints = ['bin/run.ts', STORAGE_WORKER]
    .map((path) => join(ROOT, path))
    .filter((path) => existsSync(path))
  const {success, logs} = await bunBuild({
    entrypoints,
    target: 'bun',
    format: 'esm',
    minify: true,
    bytecode: true,
    splitting: true,
    sourcemap: 'linked',
    define: {'process.env.NODE_ENV': '"production"'},
    plugins: [nativeLibsql(native), withoutReactDevtools()],
    throw: false,
    // A .env or a bunfig.toml with a preload, in whatever folder the person stands, would run inside the binary.
    compile: {target: bun, outfile, autoloadDotenv: false, autoloadBunfig: false},
  })
  if (!success) throw new Error(logs.map(({message}) => message).join('\n'))
  await deleteSourceMaps(outfile)
}

/** The maps are inside the binary too; bun leaves a second set of them beside it. */
async function deleteSourceMaps(outfile: string): Promise<void> {
  const folder = dirname(outfile)
  const maps = (await readdir(folder)).filter((name) => name.endsWith('.map') && name !== basename(outfile))
  await Promise.all(maps.map((name) => rm(join(folder, name))))
}
