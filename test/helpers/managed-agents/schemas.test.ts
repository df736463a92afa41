import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {findQueryError, findShapeError} from './check-shape.ts'
import {generateSchemas} from './generate-schemas.ts'
import {SCHEMAS_FILE} from './schemas-file.ts'

test('the schemas are those of the SDK that is installed', () => {
  const isFresh = readFileSync(SCHEMAS_FILE, 'utf8') === generateSchemas()

  expect(isFresh, 'run bun test/helpers/managed-agents/generate-schemas.ts').toBe(true)
}, 120_000)

describe('a request that is not as the types say', () => {
  const agent = {name: 'A', model: 'claude-opus-5-5'}

  test.each([
    ['a field is missing', {name: 'A'}, 'model: Field required'],
    ['a field is unknown', {...agent, sytem: ''}, 'sytem: Extra inputs are not permitted'],
    ['a field has the wrong type', {...agent, system: 1}, 'system: should be string or null'],
    [
      'a member of a union is told by its type',
      {
        ...agent,
        tools: [
          {type: 'mcp_toolset', mcp_server_name: 'm', default_config: {permission_policy: {type: 'never'}}},
        ],
      },
      /^tools\.0\.default_config\.permission_policy/,
    ],
    [
      'an unknown field deep in a union',
      {...agent, tools: [{type: 'mcp_toolset', mcp_server_name: 'm', configs: [{name: 'x', enable: true}]}]},
      'tools.0.configs.0.enable: Extra inputs are not permitted',
    ],
    [
      'an unknown member of a union',
      {...agent, tools: [{type: 'telepathy'}]},
      'tools.0: is none of the forms',
    ],
  ])('%s', (_, body, problem) => {
    expect(findShapeError('AgentCreate', agent)).toBeUndefined()
    expect(findShapeError('AgentCreate', body)).toMatch(problem)
  })

  test('a query is read as what it stands for', () => {
    const query = {limit: '20', types: 'user.message', order: 'desc'}

    expect(findQueryError('EventQuery', query)).toBeUndefined()
    expect(query).toEqual({limit: 20, types: ['user.message'], order: 'desc'})
    expect(findQueryError('EventQuery', {limit: 'many'})).toBe('limit: should be number')
    expect(findQueryError('EventQuery', {types: ['user.mesage']})).toMatch(/^types\.0/)
  })
})
