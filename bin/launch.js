import {spawn} from 'node:child_process'
import {constants} from 'node:os'
import {findBinary} from './find-binary.js'

const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT']

/**
 * Runs the program as `name`, and ends as it ends. Not spawnSync: that would leave a server behind when whoever
 * started us (systemd, an AI tool) tells us to stop.
 */
export function launch(name) {
  const {path, problem} = findBinary()
  if (problem) return fail(problem)
  const passOn = catchSignals()
  const child = spawn(path, process.argv.slice(2), {argv0: name, stdio: 'inherit', windowsHide: true})
  passOn(child)
  child.on('error', (error) => fail(`${path} could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    // Die of the same signal, so that a shell sees what happened; one that we can't die of becomes its exit code.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 100)
  })
}

/** Before the program is started: a signal in between would end us, and leave the program behind. */
function catchSignals() {
  // Ctrl-C on a terminal reaches the program without us: passed on as well, it would arrive twice.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  let deliver = (signal) => early.push(signal)
  const early = []
  for (const signal of PASSED_ON) {
    if (!(signal in constants.signals)) continue
    const fromTerminal = onTerminal && ['SIGINT', 'SIGQUIT'].includes(signal)
    process.on(signal, () => fromTerminal || deliver(signal))
  }
  return (child) => {
    deliver = (signal) => child.kill(signal)
    for (const signal of early) deliver(signal)
  }
}

function fail(problem) {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
