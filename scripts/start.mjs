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
    const server = spawn(join(ROOT, 'dist', 'bmfote'), ['server', 'start', ...args], {stdio: 'inherit'})
    // On a terminal Ctrl-C reaches the server by itself; passed on as well, it would arrive twice.
    process.on('SIGINT', () => process.stdin.isTTY || server.kill('SIGINT'))
    process.on('SIGTERM', () => server.kill('SIGTERM'))
    process.on('SIGHUP', () => server.kill('SIGHUP'))
    server.on('error', fail)
    server.on('exit', (code, signal) => done(signal ? 128 + constants.signals[signal] : (code ?? 1)))
  })
}
