import Fastify from 'fastify'

/** The least that a request over HTTP costs with the same framework: a route that answers a word. */
const app = Fastify()
app.get('/', async () => ({status: 'ok'}))
app.post('/', async () => ({status: 'ok'}))
console.log(await app.listen({host: '127.0.0.1', port: 0}))
