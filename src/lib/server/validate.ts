import {Ajv, type ErrorObject, type ValidateFunction} from 'ajv'
import type {FastifySchemaCompiler} from 'fastify'
import {BmfoteError} from '../model/errors.ts'

/**
 * What a schema does not name is taken out, not just let be: a parameter of another route must not reach the memory by
 * this one (`?project=` on the deletion of a single message would be the deletion of a project).
 */
const OPTIONS = {strict: false, verbose: true, removeAdditional: 'all'} as const

/**
 * Query strings carry everything as text, so numbers are read from it there. A body has types of its own, and a number
 * where a string belongs is the sender's mistake.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<object> {
  const strict = new Ajv(OPTIONS)
  const reading = new Ajv({...OPTIONS, coerceTypes: true})
  return ({schema, httpPart}) => {
    const validate = (httpPart === 'body' ? strict : reading).compile(schema)
    return (value: unknown) => (validate(value) ? {value} : {error: refusal(validate, 'The body')})
  }
}

/** Undefined, or the sentence that refuses the item. */
export type ItemCheck = (item: unknown) => string | undefined

/** A check for single items of a body. */
export function createItemCheck(schema: object): ItemCheck {
  const validate = new Ajv(OPTIONS).compile(schema)
  return (item) => (validate(item) ? undefined : refusal(validate, 'An item').message)
}

/** The last error is the outermost: that of a choice comes after those of its branches. */
function refusal(validate: ValidateFunction, whole: string): BmfoteError {
  const error = validate.errors?.at(-1)
  if (!error) return new BmfoteError('invalid_input', 'The request is not well formed.')
  const sentence = describeError(error, whole)
  const code = error.keyword === 'maxItems' ? 'too_large' : 'invalid_input'
  return new BmfoteError(code, sentence, {next: 'GET /openapi.json describes every request.'})
}

/** Names the field and the rule, never the value: values may be content. */
function describeError({keyword, params, instancePath, parentSchema}: ErrorObject, whole: string): string {
  const field = instancePath === '' ? undefined : `"${instancePath.slice(1).replaceAll('/', '.')}"`
  switch (keyword) {
    case 'required':
      return `"${params.missingProperty}" is missing.`
    case 'type':
      return `${field ?? whole} must be ${typeNames(params.type)}.`
    case 'enum':
      return `${field} must be one of: ${params.allowedValues.join(', ')}.`
    case 'minLength':
      return `${field} is empty.`
    case 'maxLength':
      return `${field} is longer than ${params.limit} characters.`
    case 'maxItems':
      return `More than ${params.limit} items in one request.`
    case 'minimum':
      return `${field} is less than ${params.limit}.`
    case 'oneOf':
      return `${parentSchema?.description}.`
    default:
      return `${field ?? whole} is not as the schema says (${keyword}).`
  }
}

const TYPE_NAMES: Record<string, string> = {
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a JSON object',
  array: 'a JSON array',
}

function typeNames(type: string | string[]): string {
  const names = [type].flat().filter((name) => name !== 'null')
  return names.map((name) => TYPE_NAMES[name] ?? name).join(' or ')
}
