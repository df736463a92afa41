import {readFileSync} from 'node:fs'
import {Ajv} from 'ajv'
import type * as Shapes from './api-shapes.ts'
import {explainMismatch} from './explain-mismatch.ts'
import {SCHEMAS_FILE} from './schemas-file.ts'

/** The types of `api-shapes.ts` by name. */
export interface ShapeTypes {
  AgentCreate: Shapes.AgentCreate
  AgentUpdate: Shapes.AgentUpdate
  Agent: Shapes.Agent
  AgentList: Shapes.AgentList
  AgentQuery: Shapes.AgentQuery
  AgentRetrieveQuery: Shapes.AgentRetrieveQuery
  EnvironmentCreate: Shapes.EnvironmentCreate
  EnvironmentUpdate: Shapes.EnvironmentUpdate
  Environment: Shapes.Environment
  EnvironmentList: Shapes.EnvironmentList
  EnvironmentDeleted: Shapes.EnvironmentDeleted
  EnvironmentQuery: Shapes.EnvironmentQuery
  VaultCreate: Shapes.VaultCreate
  VaultUpdate: Shapes.VaultUpdate
  Vault: Shapes.Vault
  VaultList: Shapes.VaultList
  VaultDeleted: Shapes.VaultDeleted
  VaultQuery: Shapes.VaultQuery
  CredentialCreate: Shapes.CredentialCreate
  CredentialUpdate: Shapes.CredentialUpdate
  Credential: Shapes.Credential
  CredentialList: Shapes.CredentialList
  CredentialDeleted: Shapes.CredentialDeleted
  CredentialQuery: Shapes.CredentialQuery
  SessionCreate: Shapes.SessionCreate
  SessionUpdate: Shapes.SessionUpdate
  Session: Shapes.Session
  SessionList: Shapes.SessionList
  SessionDeleted: Shapes.SessionDeleted
  SessionQuery: Shapes.SessionQuery
  EventsSend: Shapes.EventsSend
  EventsSent: Shapes.EventsSent
  EventList: Shapes.EventList
  EventQuery: Shapes.EventQuery
  StreamEvent: Shapes.StreamEvent
  StreamQuery: Shapes.StreamQuery
  Nothing: Shapes.Nothing
  ApiFailure: Shapes.ApiFailure
}

export type ShapeName = keyof ShapeTypes

const SCHEMAS = JSON.parse(readFileSync(SCHEMAS_FILE, 'utf8'))
const ajv = new Ajv({allErrors: true, strict: false}).addSchema(SCHEMAS)
/** A query has only strings: here "20" is a number, and one of a list is a list. */
const queryAjv = new Ajv({allErrors: true, strict: false, coerceTypes: 'array'}).addSchema(SCHEMAS)

/** What is wrong with it, beginning with the path to it; undefined where it is of that shape. */
export function findShapeError(shape: ShapeName, value: unknown): string | undefined {
  return check(ajv, shape, value)
}

/** As `findShapeError`; turns the strings of `query` into what they stand for. */
export function findQueryError(shape: ShapeName, query: Record<string, unknown>): string | undefined {
  return check(queryAjv, shape, query)
}

function check(validator: Ajv, shape: ShapeName, value: unknown): string | undefined {
  const name = `shape.${shape}`
  const validate = validator.getSchema(`managed-agents#/definitions/${name}`)
  if (!validate)
    throw new Error(`no schema of ${shape}: run bun test/helpers/managed-agents/generate-schemas.ts`)
  if (validate(value)) return undefined
  return (
    explainMismatch(SCHEMAS.definitions, SCHEMAS.definitions[name], value) ??
    validator.errorsText(validate.errors)
  )
}
