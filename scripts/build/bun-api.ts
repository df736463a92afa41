/** As much of bun's build API as we use: its own types replace those of Node for the whole project. */
export interface BunPlugin {
  name: string
  setup(build: PluginBuilder): void
}

interface PluginBuilder {
  onLoad(
    filter: {filter: RegExp; namespace?: string},
    load: (file: {path: string}) => Promise<LoadedFile> | LoadedFile,
  ): void
  onResolve(
    filter: {filter: RegExp},
    resolve: (file: {path: string}) => {path: string; namespace?: string} | undefined,
  ): void
}

interface LoadedFile {
  contents: string
  loader: 'js' | 'ts'
}

export interface BuildConfig {
  entrypoints: string[]
  target: 'bun'
  format: 'esm'
  minify: boolean
  bytecode: boolean
  splitting: boolean
  sourcemap: 'linked' | 'none'
  define: Record<string, string>
  plugins: BunPlugin[]
  throw: boolean
  compile: {
    target: string
    outfile: string
    /** A bun of that target, in place of the one that would be downloaded. */
    executablePath?: string
    autoloadDotenv: false
    autoloadBunfig: false
  }
}

export interface BuildResult {
  success: boolean
  logs: {message: string}[]
}

declare const Bun: {build(config: BuildConfig): Promise<BuildResult>}

export function bunBuild(config: BuildConfig): Promise<BuildResult> {
  return Bun.build(config)
}
