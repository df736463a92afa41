import {Ajv2020} from 'ajv/dist/2020.js'
import {describe, expect, test} from 'vitest'
import {openTestServer} from '../../../test/helpers/test-server.ts'
import {PRODUCT} from '../config/product.ts'
import {buildOpenApi} from './openapi.ts'

interface Operation {
  operationId: string
  summary: string
  parameters?: {name: string; in: string; required: boolean}[]
  responses: Record<string, {content: {'application/json': {schema: object}}}>
  security?: object[]
}

interface Document {
  openapi: string
  info: {version: string; license: {identifier: string}}
  externalDocs: {url: string}
  paths: Record<string, Record<string, Operation>>
  components: {schemas: Record<string, object>}
}

const document = (await buildOpenApi()) as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation,
  })),
)

test('the document names version, license and source', () => {
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: {version: PRODUCT.version, license: {identifier: PRODUCT.license}},
    externalDocs: {url: PRODUCT.source},
  })
})

test('every route but MCP is described', async () => {
  const {app} = await openTestServer()
  const routes = app.routeTable.filter(({method, url}) => method !== 'HEAD' && url !== '/mcp')

  expect(operations.map(({name}) => name).sort()).toEqual(
    routes.map(({method, url}) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`).sort(),
  )
  expect((await app.inject('/openapi.json')).json()).toEqual(document)
})

describe('every operation', () => {
  test('has a name of its own', () => {
    const names = operations.map(({operation}) => operation.operationId)

    expect(names.filter(Boolean)).toHaveLength(operations.length)
    expect(new Set(names).size).toBe(names.length)
  })

  test.each(operations)('$name says what it takes, what it answers, and who may', ({name, operation}) => {
    const placeholders = [...name.matchAll(/\{(\w+)\}/g)].map(([, placeholder]) => placeholder)
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')

    expect(operation.summary).not.toBe('')
    expect(inPath.map((parameter) => parameter.name)).toEqual(placeholders)
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['200', 'default']))
    expect(operation.security === undefined).toBe(!/ \/(api\/|metrics$)/.test(name))
  })
})

test('every reference leads somewhere, and every schema is one', () => {
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  )
  const ajv = new Ajv2020({strict: false})

  expect(references.length).toBeGreaterThan(20)
  expect(new Set(references)).toEqual(new Set(Object.keys(document.components.schemas)))
  for (const schema of Object.values(document.components.schemas)) {
    expect(ajv.validateSchema(schema)).toBe(true)
  }
})

describe('answers are as they are described', () => {
  const ajv = new Ajv2020({strict: false})
  ajv.addSchema({$id: 'document', ...document}, 'document')
  const answers = (name: string) => {
    const [method = '', path = ''] = name.split(' ')
    const pointer = [
      'paths',
      path,
      method.toLowerCase(),
      'responses',
      '200',
      'content',
      'application/json',
      'schema',
    ]
    const escaped = pointer
      .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
      .map(encodeURIComponent)
    return ajv.compile({$ref: `document#/${escaped.join('/')}`})
  }
  const body = {session_id: 's', uuid: 'u', content: 'Error: it broke', project: 'p'}

  test.each([
    ['GET /', '/'],
    ['GET /health', '/health'],
    ['GET /api/search', '/api/search?q=broke&explain=true'],
    ['GET /api/similar-error', '/api/similar-error?error=broke'],
    ['GET /api/message/{uuid}', '/api/message/u?context=2'],
    ['GET /api/recent', '/api/recent'],
    ['GET /api/project/{name}', '/api/project/p'],
    ['GET /api/stats', '/api/stats'],
    ['GET /api/sessions', '/api/sessions'],
    ['GET /api/messages', '/api/messages'],
  ])('%s', async (name, url) => {
    const {app} = await openTestServer()
    await app.inject({method: 'POST', url: '/api/messages', payload: body})

    const answer = (await app.inject(url)).json()
    const check = answers(name)

    expect(check(answer), JSON.stringify(check.errors)).toBe(true)
    expect(answer).not.toEqual([])
  })
})
