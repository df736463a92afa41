// The program of the fault proxy: a TCP relay that is told by its parent, a line of JSON each, how to misbehave.
import {createConnection, createServer, type Socket} from 'node:net'
import {createInterface} from 'node:readline'
import type {ProxyFault} from './fault-proxy.ts'

const target = Number(process.argv[2])
const port = Number(process.argv[3] ?? 0)
let fault: ProxyFault = {kind: 'none'}
const open = new Set<Socket>()
/** Answers that were dropped since the fault was set. */
let dropped = 0
let answered = 0

const server = createServer((client) => {
  if (fault.kind === 'refuse') return client.destroy()
  const upstream = createConnection(target, '127.0.0.1')
  for (const socket of [client, upstream]) {
    open.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      open.delete(socket)
      client.destroy()
      upstream.destroy()
    })
  }
  client.on('data', (data) => {
    if (fault.kind === 'silent_replication' && data.includes('ReplicationLog')) return
    later(() => upstream.write(data))
  })
  upstream.on('data', (data) => {
    // The server has done what it was asked; nobody hears of it.
    if (fault.kind === 'drop_answers' && answered++ >= (fault.after ?? 0) && dropped < fault.times) {
      dropped++
      say({dropped})
      return client.destroy()
    }
    later(() => client.write(data))
  })
})

function later(forward: () => void): void {
  if (fault.kind === 'silent') return
  if (fault.kind === 'slow') setTimeout(forward, fault.roundTripMs / 2)
  else forward()
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

createInterface({input: process.stdin}).on('line', (line) => {
  fault = JSON.parse(line) as ProxyFault
  dropped = 0
  answered = 0
  if (fault.kind === 'cut' || fault.kind === 'refuse') {
    for (const socket of open) socket.destroy()
  }
  if (fault.kind === 'cut') fault = {kind: 'none'}
  say({done: true})
})
process.stdin.on('close', () => process.exit(0))
server.listen(port, '127.0.0.1', () => {
  const address = server.address()
  say({port: typeof address === 'object' && address !== null ? address.port : 0})
})
