import type {InStatement} from './database.ts'

/**
 * A statement as the remote protocol wants it. It sends every number as a REAL (5 in a TEXT column would become "5.0"),
 * unless it is a bigint; and it refuses a named argument that the statement does not ask for.
 */
export function exactArgs(statement: InStatement): InStatement {
  if (typeof statement === 'string' || !statement.args) return statement
  const {sql, args} = statement
  if (Array.isArray(args)) return {sql, args: args.map(exact)}
  const wanted = new Set(Array.from(sql.matchAll(/[:@$](\w+)/g), ([, name]) => name))
  const entries = Object.entries(args).filter(([name]) => wanted.has(name))
  return {sql, args: Object.fromEntries(entries.map(([name, value]) => [name, exact(value)]))}
}

function exact<T>(value: T): T | bigint {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
