// `npm start`: a memory server on this machine, from a clone in one command. Arguments go to `bmfote server start`.
import './node-version.mjs'
import {spawn} from 'node:child_process'
import {constants} from 'node:os'
import {join} from 'node:path'
import {ROOT, runScript, setUp} from './bootstrap.mjs'

await runScript(async () => {
  await setUp({build: 'when-stale'})
  return startServer(process.argv.slice(2))
})

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
function startServer(args) {
  return new Promise((done, fail) => {
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => server.kill(signal)
    // On a terminal Ctrl-C reaches the server by itself; passed on as well, it would arrive twice.
    process.on('SIGINT', (signal) => process.stdin.isTTY || passOn(signal))
    process.on('SIGTERM', passOn)
    process.on('SIGHUP', passOn)
    const server = spawn(join(ROOT, 'dist', 'bmfote'), ['server', 'start', ...args], {stdio: 'inherit'})
    server.on('error', fail)
    server.on('exit', (code, signal) => done(signal ? 128 + constants.signals[signal] : (code ?? 1)))
  })
}
