import type {FastifyInstance} from 'fastify'
import type {Memory} from '../../memory/memory.ts'
import type {Metrics} from '../metrics.ts'
import {registerDiscovery} from './discovery.ts'
import {registerHealth} from './health.ts'
import {registerMessages} from './messages.ts'
import {registerMetrics} from './metrics.ts'
import {registerProjects} from './projects.ts'
import {registerRecall} from './recall.ts'
import {registerRemember} from './remember.ts'
import {registerSearch} from './search.ts'
import {registerSessions} from './sessions.ts'
import {registerStats} from './stats.ts'
import {registerStatus} from './status.ts'
import {registerSync} from './sync.ts'

export interface RestOptions {
  memory: Memory
  metrics: Metrics
  instance?: string
}

export function registerRest(app: FastifyInstance, {memory, metrics, instance}: RestOptions): void {
  registerDiscovery(app, instance)
  registerHealth(app, memory)
  registerSearch(app, memory)
  registerRecall(app, memory)
  registerMessages(app, memory)
  registerProjects(app, memory)
  registerSessions(app, memory)
  registerStats(app, memory)
  registerRemember(app, memory)
  registerStatus(app, {memory, metrics})
  registerMetrics(app, metrics)
  registerSync(app, memory)
}
