import {toWire} from '../memory/wire.ts'

interface ObjectSchema {
  properties: Record<string, unknown>
}

/**
 * A value as its REST twin answers with it: the server sends what the schema of its route lists and nothing else, and
 * so does `--json`.
 */
export function wireBody(schema: ObjectSchema, value: object): Record<string, unknown> {
  return pick(schema, toWire(value) as Record<string, unknown>)
}

export function wireBodies(schema: ObjectSchema, values: readonly object[]): Record<string, unknown>[] {
  return values.map((value) => wireBody(schema, value))
}

function pick(schema: ObjectSchema, value: Record<string, unknown>): Record<string, unknown> {
  const listed = Object.entries(schema.properties).filter(([name]) => value[name] !== undefined)
  return Object.fromEntries(listed.map(([name, property]) => [name, pickItems(property, value[name])]))
}

function pickItems(property: unknown, value: unknown): unknown {
  const {items} = property as {items?: Partial<ObjectSchema>}
  const {properties} = items ?? {}
  if (!properties || !Array.isArray(value)) return value
  return value.map((item) => pick({properties}, item))
}
