import {type Environment, type Paths, readTimezone, resolvePaths} from './environment.ts'

export interface ServerFlags {
  host?: string
  port?: number
  database?: string
  corsOrigins?: readonly string[]
  rateLimitPerMinute?: number
}

export interface ServerConfig {
  host: string
  port: number
  databasePath: string
  apiToken?: string
  corsOrigins: readonly string[]
  /** Requests a minute and principal; 0 means none. Without a token there is no limit. */
  rateLimitPerMinute: number
  /** Where "yesterday" is meant when a caller names no clock; undefined: UTC. */
  timezone?: string
  paths: Paths
}

const LOCAL_PORT = 8026
const RATE_LIMIT_PER_MINUTE = 6_000

/** Flags win over the environment, which wins over the defaults. */
export function loadServerConfig(flags: ServerFlags, environment: Environment): ServerConfig {
  const paths = resolvePaths(environment)
  return {
    host: flags.host ?? '127.0.0.1',
    // A PORT that is no number becomes one that no server listens on, and is refused with a sentence there.
    port: flags.port ?? (environment.PORT ? Number(environment.PORT) : LOCAL_PORT),
    databasePath: flags.database ?? paths.database,
    apiToken: environment.API_TOKEN || undefined,
    corsOrigins: flags.corsOrigins ?? [],
    rateLimitPerMinute: flags.rateLimitPerMinute ?? RATE_LIMIT_PER_MINUTE,
    timezone: readTimezone(environment),
    paths,
  }
}

/** Addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
