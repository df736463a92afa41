import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import type {BunPlugin} from './bun-api.ts'

/** Runs in threads of its own, which the memory starts by the file's URL: it must stay a file of its own. */
export const STORAGE_WORKER = 'src/lib/memory/storage-worker.ts'

/**
 * libsql asks for its native part by a name that it computes, which no bundler can follow: the name is written out.
 * That also leaves out the detection, which reads files and starts processes, at every start.
 */
export function nativeLibsql(nativePath: string): BunPlugin {
  const computed =
    /const \{ load, currentTarget \} = require\("@neon-rs\/load"\);\nconst \{ familySync, GLIBC, MUSL \} = require\("detect-libc"\);\n\nfunction requireNative\(\) \{\n[\s\S]*?\n\}\n/
  return {
    name: 'native-libsql',
    setup(build) {
      build.onLoad({filter: /[\\/]node_modules[\\/]libsql[\\/]index\.js$/}, async ({path}) => {
        const source = await readFile(path, 'utf8')
        if (!computed.test(source)) {
          throw new Error(`${path} no longer loads its native part the way scripts/build/plugins.ts replaces`)
        }
        const literal = `function requireNative() { return require(${JSON.stringify(nativePath)}); }\n`
        return {contents: source.replace(computed, literal), loader: 'js'}
      })
    },
  }
}

/** Ink connects to React's developer tools when DEV is set; the package is not there, and must not be looked for. */
export function withoutReactDevtools(): BunPlugin {
  return replaceModules('without-react-devtools', {
    packages: ['react-devtools-core'],
    contents: 'export default {initialize() {}, connectToDevTools() {}}',
  })
}

/**
 * With these oclif looks for plugins and commands on the disk, and asks whether Linux runs inside Windows. The binary
 * has all commands inside, and does the same everywhere.
 */
export function withoutPluginSearch(): BunPlugin {
  return replaceModules('without-plugin-search', {
    packages: ['get-package-type', 'lilconfig', 'minimatch', 'tinyglobby', 'wsl-utils'],
    contents: 'module.exports = {}',
  })
}

function replaceModules(
  name: string,
  {packages, contents}: {packages: readonly string[]; contents: string},
): BunPlugin {
  return {
    name,
    setup(build) {
      build.onResolve({filter: new RegExp(`^(${packages.join('|')})$`)}, ({path}) => ({
        path,
        namespace: name,
      }))
      build.onLoad({filter: /.*/, namespace: name}, () => ({contents, loader: 'js'}))
    },
  }
}

/** In the binary every chunk lies at the root, and a further entry point below it, under its path in the repository. */
export function storageWorkerInBinary(): BunPlugin {
  const beside = "new URL('./storage-worker.ts', import.meta.url)"
  const inBinary = `new URL('./${STORAGE_WORKER.replace(/ts$/, 'js')}', import.meta.url)`
  return {
    name: 'storage-worker-in-binary',
    setup(build) {
      build.onLoad({filter: /[\\/]storage-worker-url\.ts$/}, async ({path}) => {
        const source = await readFile(path, 'utf8')
        if (!source.includes(beside))
          throw new Error(`${path} does not contain ${beside}, which the build replaces`)
        return {contents: source.replace(beside, inBinary), loader: 'ts'}
      })
    },
  }
}

/** Without oclif's front door: see oclif-core.ts. */
export function smallOclif(): BunPlugin {
  const path = fileURLToPath(new URL('./oclif-core.ts', import.meta.url))
  return {
    name: 'small-oclif',
    setup(build) {
      build.onResolve({filter: /^@oclif\/core$/}, () => ({path}))
    },
  }
}
