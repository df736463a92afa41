/** As much of JSON Schema as the generated file has. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
}

type Definitions = Record<string, Schema>

/**
 * The path to what is wrong, and what. A validator reports what is wrong with every member of a union; here the member
 * that was meant is the one whose constants (`type`, mostly) fit the value.
 */
export function explainMismatch(
  definitions: Definitions,
  schema: Schema,
  value: unknown,
  path = '',
): string | undefined {
  const explain = (part: Schema, inner: unknown, name: string) => {
    return explainMismatch(definitions, part, inner, path ? `${path}.${name}` : name)
  }
  const {
    properties = {},
    required = [],
    additionalProperties,
    items,
    ...resolved
  } = meant(definitions, schema, value)
  if (resolved.anyOf) return `${path || '(body)'}: is none of the forms that are known`
  if (!isOfType(resolved, value)) return `${path || '(body)'}: should be ${expected(resolved)}`
  if (Array.isArray(value) && items) {
    return firstOf(value.map((item, at) => () => explain(items, item, String(at))))
  }
  if (!isObject(value)) return undefined
  const missing = required.find((name) => !Object.hasOwn(value, name))
  const extra = Object.keys(value).find(
    (name) => additionalProperties === false && !Object.hasOwn(properties, name),
  )
  const prefix = path ? `${path}.` : ''
  if (missing) return `${prefix}${missing}: Field required`
  if (extra) return `${prefix}${extra}: Extra inputs are not permitted`
  return firstOf(
    Object.entries(value).map(([name, inner]) => () => {
      const part = properties[name] ?? (isObject(additionalProperties) ? additionalProperties : undefined)
      return part && explain(part, inner, name)
    }),
  )
}

/** Follows references, and of a union takes the member whose constants and type fit; the union itself where none does. */
function meant(definitions: Definitions, schema: Schema, value: unknown): Schema {
  if (schema.$ref)
    return meant(definitions, definitions[schema.$ref.replace('#/definitions/', '')] ?? {}, value)
  const members = schema.anyOf?.map((member) => meant(definitions, member, value)) ?? []
  const fitting = members.filter((member) => !member.anyOf && isOfType(member, value))
  const byConstants = fitting.filter(({properties = {}}) => {
    return Object.entries(properties).every(([name, {const: wanted}]) => {
      return wanted === undefined || !isObject(value) || !Object.hasOwn(value, name) || value[name] === wanted
    })
  })
  return schema.anyOf ? (byConstants[0] ?? schema) : schema
}

function isOfType({type, const: wanted, enum: allowed}: Schema, value: unknown): boolean {
  if (wanted !== undefined) return value === wanted
  if (allowed) return allowed.includes(value)
  if (type === undefined) return true
  const is = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  return [type].flat().includes(is)
}

function expected({type, const: wanted, enum: allowed}: Schema): string {
  if (wanted !== undefined) return JSON.stringify(wanted)
  if (allowed) return `one of ${allowed.join(', ')}`
  return [type].flat().join(' or ')
}

function firstOf(explanations: readonly (() => string | undefined)[]): string | undefined {
  for (const explain of explanations) {
    const found = explain()
    if (found) return found
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
