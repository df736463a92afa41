import {existsSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'

const require = createRequire(import.meta.url)
/** Every platform that a program is published for. */
const PLATFORMS = require('./platforms.json')

/** The program of this machine: where it is, or in `problem` what to tell the person. */
export function findBinary() {
  if (process.env.BMFOTE_BINARY) return {path: process.env.BMFOTE_BINARY}
  const here = [process.platform, process.arch, libcOfLinux()].filter(Boolean).join(' ')
  const platform = PLATFORMS.find(({os, cpu, libc}) => [os, cpu, libc].filter(Boolean).join(' ') === here)
  if (platform === undefined) return {problem: noProgramFor(here)}
  const name = `@bmfote/${platform.name}`
  const folder = resolveFolder(name)
  const path = folder && join(folder, platform.os === 'win32' ? 'bmfote.exe' : 'bmfote')
  return path && existsSync(path) ? {path} : {problem: notInstalled(name)}
}

/** Where Node's own report names no glibc, there is musl (Alpine). */
function libcOfLinux() {
  if (process.platform !== 'linux') return undefined
  process.report.excludeNetwork = true
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
}

function resolveFolder(name) {
  try {
    return dirname(require.resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

function noProgramFor(here) {
  const known = PLATFORMS.map(({os, cpu, libc}) => [os, cpu, libc].filter(Boolean).join(' ')).join(', ')
  return `bmfote has no program for this machine (${here}). There is one for: ${known}.
→ build it from the source, then set BMFOTE_BINARY to its path`
}

function notInstalled(name) {
  return `bmfote's program for this machine is not installed: it comes in the package ${name}.
That happens when optional dependencies are left out (--omit=optional, --no-optional), or when node_modules was
copied from a machine of another kind (into a container, for one).
→ install bmfote again on this machine, or set BMFOTE_BINARY to the path of the program`
}
