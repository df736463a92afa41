import type {FastifyInstance} from 'fastify'
import {
  type BatchParams,
  batchBody,
  batchQuery,
  batchResult,
  type DeleteManyParams,
  type DeleteMessageParams,
  deleteManyQuery,
  deleteMessageQuery,
  deleteResult,
  type ExportParams,
  exportPage,
  exportQuery,
  type MessageParams,
  messageBody,
  messageQuery,
  messageWithContext,
  type NewMessageBody,
  type RecentParams,
  recentMessage,
  recentQuery,
  recordResult,
  uuidParams,
} from '../../client/protocol.ts'
import type {ExportQuery, Memory, Selection} from '../../memory/memory.ts'
import {inputFromWire, toWire} from '../../memory/wire.ts'
import {BmfoteError} from '../../model/errors.ts'
import type {NewMessage} from '../../model/message.ts'
import {memoryApi} from '../memory-api.ts'
import {createRecordBatch, recordOne} from '../record.ts'

export function registerMessages(app: FastifyInstance, memory: Memory): void {
  registerReads(app, memory)
  registerWrites(app, memory)
  registerDeletes(app, memory)
}

function registerReads(app: FastifyInstance, memory: Memory): void {
  app.get<{Params: {uuid: string}; Querystring: MessageParams}>('/api/message/:uuid', {
    schema: {
      operationId: 'getMessage',
      summary: 'One message, with its neighbours in the session',
      params: uuidParams,
      querystring: messageQuery,
      response: {200: messageWithContext},
    },
    handler: async (request) => {
      const found = await memoryApi(memory, request.caller).getMessage(request.params.uuid, request.query)
      if (found) return found
      throw new BmfoteError('not_found', 'message not found', {
        next: 'Uuids come from /api/search and /api/recent of the same workspace.',
      })
    },
  })
  app.get<{Querystring: RecentParams}>('/api/recent', {
    schema: {
      operationId: 'recent',
      summary: 'The most recent messages, newest first',
      querystring: recentQuery,
      response: {200: {type: 'array', items: recentMessage}},
    },
    handler: (request) => memoryApi(memory, request.caller).recent(request.query),
  })
  app.get<{Querystring: ExportParams}>('/api/messages', {
    schema: {
      operationId: 'exportPage',
      summary: 'Everything in a workspace, page by page, oldest first',
      querystring: exportQuery,
      response: {200: exportPage},
    },
    handler: async (request) =>
      toWire(await memory.exportPage(request.caller, inputFromWire<ExportQuery>(request.query))),
  })
}

function registerWrites(app: FastifyInstance, memory: Memory): void {
  const recordBatch = createRecordBatch(memory)
  app.post<{Body: NewMessageBody}>('/api/messages', {
    schema: {
      operationId: 'recordMessage',
      summary: 'Store one message',
      body: messageBody,
      response: {200: recordResult},
    },
    handler: async (request) =>
      toWire(await recordOne(memory, request.caller, inputFromWire<NewMessage>(request.body))),
  })
  app.post<{Body: unknown[]; Querystring: BatchParams}>('/api/messages/batch', {
    schema: {
      operationId: 'recordMessages',
      summary: 'Store many messages; a bad one costs itself only',
      body: batchBody,
      querystring: batchQuery,
      response: {200: batchResult},
    },
    handler: async (request) => ({
      results: toWire(await recordBatch(request.caller, request.body, request.query)),
    }),
  })
}

function registerDeletes(app: FastifyInstance, memory: Memory): void {
  app.delete<{Params: {uuid: string}; Querystring: DeleteMessageParams}>('/api/messages/:uuid', {
    schema: {
      operationId: 'deleteMessage',
      summary: 'Delete one message for good',
      params: uuidParams,
      querystring: deleteMessageQuery,
      response: {200: deleteResult},
    },
    handler: (request) =>
      memory.deleteMessages(request.caller, {...inputFromWire(request.query), uuid: request.params.uuid}),
  })
  app.delete<{Querystring: DeleteManyParams}>('/api/messages', {
    schema: {
      operationId: 'deleteMany',
      summary: 'Delete a whole project, or everything before a date, for good',
      querystring: deleteManyQuery,
      response: {200: deleteResult},
    },
    handler: (request) => memory.deleteMessages(request.caller, inputFromWire<Selection>(request.query)),
  })
}
