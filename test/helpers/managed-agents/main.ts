import {parseArgs} from 'node:util'
import {controlServer} from './control-server.ts'
import {startManagedAgents} from './start-managed-agents.ts'

/**
 * The stand-in as a process of its own, for tests in other languages:
 *
 *     bun test/helpers/managed-agents/main.ts --port 0 --page-size 2
 *
 * The first line on stdout is `{"url", "control", "key"}`. It ends when it is told to, or when its stdin ends.
 */
const {values} = parseArgs({
  options: {
    port: {type: 'string', default: '0'},
    'control-port': {type: 'string', default: '0'},
    'page-size': {type: 'string'},
    key: {type: 'string'},
    /** Goes on when stdin ends, as it does at once for a process in the background. */
    daemon: {type: 'boolean', default: false},
  },
})
const standIn = await startManagedAgents({
  port: Number(values.port),
  pageSize: values['page-size'] === undefined ? undefined : Number(values['page-size']),
  keys: values.key === undefined ? undefined : [values.key],
})
const control = await controlServer(standIn, Number(values['control-port']))
process.stdout.write(`${JSON.stringify({url: standIn.url, control: control.url, key: standIn.key})}\n`)

const stop = async () => {
  await control.close()
  await standIn.close()
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
if (!values.daemon) process.stdin.on('end', stop).resume()
