import {spawnSync} from 'node:child_process'
import {linkSync, renameSync, rmSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {findBinary} from './find-binary.js'

/**
 * Puts the program itself in the launchers' place: a call then costs no start of Node. Only npm links commands
 * straight to the file (other managers write scripts that call Node on it), and not on Windows. Whatever goes wrong
 * leaves the launchers, which work too, only later.
 */
const {path} = findBinary()
const byNpm = /^npm\//.test(process.env.npm_config_user_agent ?? '')
if (path && byNpm && process.platform !== 'win32' && !process.env.BMFOTE_BINARY && runs(path)) {
  for (const name of ['bmfote.js', 'bmfote-agent.js'])
    replace(fileURLToPath(new URL(name, import.meta.url)), path)
}

function runs(program) {
  return spawnSync(program, ['--version'], {stdio: 'ignore'}).status === 0
}

function replace(launcher, program) {
  const temporary = `${launcher}.new`
  try {
    linkSync(program, temporary)
    renameSync(temporary, launcher)
  } catch {
    rmSync(temporary, {force: true})
  }
}
