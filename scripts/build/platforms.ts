import platforms from '../../bin/platforms.json' with {type: 'json'}

/** As in bin/platforms.json, the one list of them, which the launcher reads too. */
export interface Platform {
  name: string
  os: string
  cpu: string
  libc?: string
  bunTarget: string
  /** The runtime of that target. */
  bunPackage: string
  /** libSQL's native part. */
  libsqlPackage: string
  /**
   * How far the program was tried before a release: by every test, by starting it and asking it in an emulator, or
   * never, only built.
   */
  tried: 'tests' | 'emulator' | 'never'
}

export const PLATFORMS = platforms as readonly Platform[]

export function platformOfThisMachine(): Platform {
  const here = [process.platform, process.arch, libcOfLinux()].filter(Boolean).join(' ')
  const platform = PLATFORMS.find(({os, cpu, libc}) => [os, cpu, libc].filter(Boolean).join(' ') === here)
  if (platform === undefined) throw new Error(`bin/platforms.json has no ${here}`)
  return platform
}

/** As the launcher finds out (bin/find-binary.js): where Node's own report names no glibc, there is musl. */
function libcOfLinux(): string | undefined {
  if (process.platform !== 'linux') return undefined
  // Or the report looks up the name of every peer; Node's types do not know it yet.
  Object.assign(process.report, {excludeNetwork: true})
  const {header} = process.report.getReport() as {header: {glibcVersionRuntime?: string}}
  return header.glibcVersionRuntime ? 'glibc' : 'musl'
}
