// Serves a remote database until it is killed, taking over what release 0.11.7 had in it.
import {openStoredMemory} from '../../src/lib/memory/local-memory.ts'

const [, , url = ''] = process.argv
await openStoredMemory({mode: 'remote', url}, {adoption: {}})
setInterval(() => undefined, 1_000)
