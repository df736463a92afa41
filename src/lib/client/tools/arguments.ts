/** A schema of named values: what a tool takes, and what it answers. */
export interface ObjectSchema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, ArgumentSchema>>
  readonly required?: readonly string[]
}

interface ArgumentSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly default?: unknown
}

/** A refusal in words that the calling agent can act on. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}

/**
 * Checks what an agent sent and fills in the defaults. A null means left out, unknown arguments are let be, and ranges
 * are the memory's to clamp; a wrong type is refused with a sentence that names it.
 */
export function readArguments(schema: ObjectSchema, given: unknown): Record<string, unknown> {
  const source = given ?? {}
  if (typeof source !== 'object' || Array.isArray(source))
    throw new ToolError('Give the arguments as an object.')
  const values = source as Record<string, unknown>
  const args: Record<string, unknown> = {}
  for (const [name, argument] of Object.entries(schema.properties)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value !== undefined && value !== null) args[name] = readArgument(name, argument, value)
    else if (argument.default !== undefined) args[name] = argument.default
    else if (schema.required?.includes(name)) throw new ToolError(`The argument "${name}" is missing.`)
  }
  return args
}

function readArgument(name: string, schema: ArgumentSchema, value: unknown): unknown {
  if (schema.type === 'integer') {
    if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value)
    throw new ToolError(`The argument "${name}" must be a number.`)
  }
  if (typeof value !== 'string') throw new ToolError(`The argument "${name}" must be a string.`)
  if (schema.enum && !schema.enum.includes(value)) {
    throw new ToolError(`The argument "${name}" must be one of: ${schema.enum.join(', ')}.`)
  }
  return value
}
