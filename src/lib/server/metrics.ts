import type {FastifyInstance} from 'fastify'
import {Counter, Gauge, Histogram, Registry} from 'prom-client'
import {PRODUCT} from '../config/product.ts'
import type {Memory} from '../memory/memory.ts'
import {BmfoteError} from '../model/errors.ts'
import {watchEventLoop} from './event-loop-lag.ts'

export interface Metrics {
  /** The same memory, whose calls are counted and timed. */
  measure(memory: Memory): Memory
  /** Counts the requests of this app, by the patterns of their routes. */
  watch(app: FastifyInstance): void
  /** Something that is read when somebody asks for it; undefined where there is nothing to say. */
  addGauge(gauge: {
    name: string
    help: string
    read: () => Promise<number | undefined> | number | undefined
  }): void
  /** Writes that have not come back. */
  writesUnderWay(): number
  /** Everything, in Prometheus' text format. */
  text(): Promise<string>
  contentType: string
}

/** Seconds. Reads take a millisecond, a search of a million messages a second, an import of one batch a few. */
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What a write waits behind: the calls that go through the one queue of writes. */
const WRITE_CALLS: ReadonlySet<string> = new Set<keyof Memory>([
  'recordMessages',
  'recordSession',
  'remember',
  'deleteMessages',
])

/** Not calls of the database. */
const UNCOUNTED: ReadonlySet<string> = new Set<keyof Memory>(['close', 'status'])

/**
 * Labels are route patterns, method names and error codes of ours, so the number of series has an end, and nothing that
 * anybody said or is called by gets in.
 */
export function createMetrics(): Metrics {
  // Not the global one: tests, and a program that embeds the server, have more than one server in a process.
  const registry = new Registry()
  const registers = [registry]
  new Gauge({
    name: 'bmfote_build_info',
    help: 'Always 1; the version is the label.',
    labelNames: ['version'],
    registers,
  }).set({version: PRODUCT.version}, 1)
  addProcessGauges(registry)
  const underWay = {read: 0, write: 0}
  return {
    measure: (memory) => measure(memory, registry, underWay),
    writesUnderWay: () => underWay.write,
    watch(app) {
      countRequests(app, registry)
      const lag = watchEventLoop()
      app.addHook('onClose', async () => lag.stop())
      new Gauge({
        name: 'bmfote_event_loop_lag_seconds',
        help: 'The longest that the event loop was held up since the last time this was read.',
        registers,
        collect() {
          this.set(lag.takeMaxMs() / 1_000)
        },
      })
    },
    addGauge({name, help, read}) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          const value = await read()
          if (value === undefined) this.remove()
          else this.set(value)
        },
      })
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

function countRequests(app: FastifyInstance, registry: Registry): void {
  const registers = [registry]
  const requests = new Counter({
    name: 'bmfote_http_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const duration = new Histogram({
    name: 'bmfote_http_request_duration_seconds',
    help: 'From the head of the request to the end of the answer.',
    labelNames: ['method', 'route'],
    buckets: BUCKETS_SECONDS,
    registers,
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url
    // Whoever tries paths out is one series, whatever they try.
    const labels = route === undefined ? {method: 'any', route: 'unknown'} : {method: request.method, route}
    requests.inc({...labels, status: reply.statusCode})
    duration.observe(labels, reply.elapsedTime / 1_000)
  })
}

function measure(memory: Memory, registry: Registry, underWay: {read: number; write: number}): Memory {
  const registers = [registry]
  const duration = new Histogram({
    name: 'bmfote_database_call_duration_seconds',
    help: 'Calls of the memory, waiting for their turn included. result is ok or an error code.',
    labelNames: ['call', 'result'],
    buckets: BUCKETS_SECONDS,
    registers,
  })
  new Gauge({
    name: 'bmfote_database_calls_under_way',
    help: 'Calls that have not come back; those of kind write are the queue of writes.',
    labelNames: ['kind'],
    registers,
    collect() {
      this.set({kind: 'read'}, underWay.read)
      this.set({kind: 'write'}, underWay.write)
    },
  })
  const timed = (name: string, call: (...args: unknown[]) => Promise<unknown>) => {
    const kind = WRITE_CALLS.has(name) ? 'write' : 'read'
    return async (...args: unknown[]) => {
      const stop = duration.startTimer({call: name})
      underWay[kind]++
      try {
        const value = await call.apply(memory, args)
        stop({result: 'ok'})
        return value
      } catch (error) {
        stop({result: error instanceof BmfoteError ? error.code : 'internal'})
        throw error
      } finally {
        underWay[kind]--
      }
    }
  }
  return wrapMethods(memory, timed)
}

/** A memory is a class or a plain object, and its methods may be more than the interface's. */
function wrapMethods(
  memory: Memory,
  wrap: (name: string, call: (...args: unknown[]) => Promise<unknown>) => unknown,
): Memory {
  const wrapped = new Map<string | symbol, unknown>()
  return new Proxy(memory, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || typeof name !== 'string') return value
      if (UNCOUNTED.has(name)) return value.bind(target)
      if (!wrapped.has(name)) wrapped.set(name, wrap(name, value as (...args: unknown[]) => Promise<unknown>))
      return wrapped.get(name)
    },
  })
}

/** Named as every Prometheus client names them, so that ready-made rules apply. */
function addProcessGauges(registry: Registry): void {
  const registers = [registry]
  const startedAt = Date.now() / 1_000 - process.uptime()
  new Gauge({name: 'process_start_time_seconds', help: 'When the process began, Unix time.', registers}).set(
    startedAt,
  )
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory that the process holds.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Gauge({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the process, all threads.',
    registers,
    collect() {
      const {user, system} = process.cpuUsage()
      this.set((user + system) / 1_000_000)
    },
  })
}
