import {readFile} from 'node:fs/promises'
import type {BunPlugin} from './bun-api.ts'

/**
 * libsql asks for its native part by a name that it computes, which no bundler can follow: the name is written out.
 * That also leaves out the detection, which reads files and starts processes, at every start.
 */
export function nativeLibsql(nativePackage: string): BunPlugin {
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
        const literal = `function requireNative() { return require(${JSON.stringify(nativePackage)}); }\n`
        return {contents: source.replace(computed, literal), loader: 'js'}
      })
    },
  }
}

/** Ink connects to React's developer tools when DEV is set; the package is not there, and must not be looked for. */
export function withoutReactDevtools(): BunPlugin {
  return {
    name: 'without-react-devtools',
    setup(build) {
      build.onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'empty-module'}))
      build.onLoad({filter: /.*/, namespace: 'empty-module'}, () => ({
        contents: 'export default {initialize() {}, connectToDevTools() {}}',
        loader: 'js',
      }))
    },
  }
}
