import {type FileSystem, realFileSystem} from '../../src/lib/setup/file-system.ts'

/** The real disk, without waiting until it has everything: no test cuts the power. */
export const quickFileSystem: FileSystem = {
  ...realFileSystem,
  writeFile: (path, data, options) =>
    realFileSystem.writeFile(path, data, {...(options as object), flush: false}),
}

const WRITING = ['chmod', 'chown', 'copyFile', 'mkdir', 'rename', 'rm', 'rmdir', 'writeFile'] as const

/**
 * The real disk, until the `failAt`-th call that changes something. A full disk takes the first half of what is written
 * and refuses the rest, and goes on refusing; a kill lets nothing happen any more, clearing up included.
 */
export function failingFileSystem(options: {how: 'disk full' | 'killed'; failAt: number}): {
  fs: FileSystem
  /** How many calls changed something, or tried to. */
  calls: () => number
} {
  let calls = 0
  const fs: FileSystem = {...quickFileSystem}
  const failing = Object.fromEntries(
    WRITING.map((name) => [
      name,
      async (...args: unknown[]) => {
        calls++
        const call = quickFileSystem[name] as (...args: unknown[]) => Promise<unknown>
        if (calls < options.failAt) return call(...args)
        if (options.how === 'disk full' && !NEEDS_SPACE.has(name)) return call(...args)
        if (name === 'writeFile' && calls === options.failAt) await call(args[0], halfOf(args[1]), args[2])
        throw Object.assign(new Error(`${options.how}: ${name}`), {code: 'ENOSPC'})
      },
    ]),
  )
  return {fs: {...fs, ...failing}, calls: () => calls}
}

const NEEDS_SPACE = new Set<string>(['copyFile', 'mkdir', 'writeFile'])

function halfOf(content: unknown): unknown {
  const bytes = Buffer.from(content as string | Uint8Array)
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}
