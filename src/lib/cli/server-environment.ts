import {Flags} from '@oclif/core'
import {type DatabaseLocation, loadDatabaseLocation} from '../config/database-location.ts'
import {withEnvFile} from '../config/env-file.ts'
import type {Environment} from '../config/environment.ts'

/** How commands that look after a server's database are told which one: as the server is. */
export const databaseFlags = {
  database: Flags.string({
    description:
      'database file, or libsql:// address (default: TURSO_DATABASE_URL, else memory.db in BMFOTE_HOME)',
    helpValue: 'FILE',
  }),
  'env-file': Flags.string({
    description: 'file of lines NAME=value, for what the environment does not say',
    helpValue: 'FILE',
  }),
}

export interface DatabaseFlags {
  database?: string
  'env-file'?: string
}

export function serverEnvironment(environment: Environment, {'env-file': file}: DatabaseFlags): Environment {
  return file === undefined ? environment : withEnvFile(environment, file)
}

/** The database that a server with this environment and these flags would serve. */
export function databaseLocation(environment: Environment, flags: DatabaseFlags): DatabaseLocation {
  return loadDatabaseLocation({database: flags.database}, serverEnvironment(environment, flags))
}
