import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {createGenerator} from 'ts-json-schema-generator'
import {SCHEMAS_FILE} from './schemas-file.ts'

/**
 * Writes `schemas.generated.json`: a JSON Schema of every type that `api-shapes.ts` exports, unknown fields refused.
 *
 *     bun test/helpers/managed-agents/generate-schemas.ts
 *
 * `schemas.test.ts` fails when the file is older than the SDK.
 */
const SHAPES_FILE = fileURLToPath(new URL('api-shapes.ts', import.meta.url))
const TSCONFIG = fileURLToPath(new URL('../../../tsconfig.json', import.meta.url))

export function generateSchemas(): string {
  const generator = createGenerator({
    path: SHAPES_FILE,
    tsconfig: TSCONFIG,
    skipTypeCheck: true,
    additionalProperties: false,
    jsDoc: 'none',
    expose: 'export',
    topRef: false,
  })
  const definitions = new Map<string, string>()
  for (const [, name = ''] of readFileSync(SHAPES_FILE, 'utf8').matchAll(
    /^export (?:type|interface) (\w+)/gm,
  )) {
    const {$schema: _, definitions: parts = {}, ...shape} = generator.createSchema(name)
    for (const [part, schema] of Object.entries(parts)) add(definitions, part, schema)
    add(definitions, `shape.${name}`, shape)
  }
  const lines = [...definitions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, json]) => `${JSON.stringify(name)}:${json}`)
  return `{"$id":"managed-agents","definitions":{\n${lines.join(',\n')}\n}}\n`
}

function add(definitions: Map<string, string>, name: string, schema: unknown): void {
  const json = JSON.stringify(schema)
  const known = definitions.get(name)
  if (known !== undefined && known !== json) throw new Error(`two different types are called ${name}`)
  definitions.set(name, json)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SCHEMAS_FILE, generateSchemas())
