import type {FastifyInstance} from 'fastify'
import type {Metrics} from '../metrics.ts'

export function registerMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', {
    // Whoever watches must be able to see that the limit is reached.
    config: {rateLimit: false},
    schema: {
      operationId: 'metrics',
      summary: 'Figures of this process, for Prometheus',
      produces: metrics.contentType,
    },
    handler: async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  })
}
