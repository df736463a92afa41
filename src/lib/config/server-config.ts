import {type DatabaseLocation, loadDatabaseLocation} from './database-location.ts'
import {type Environment, type Paths, readTimezone, resolvePaths} from './environment.ts'

export interface ServerFlags {
  host?: string
  port?: number
  /** A file, or the address of a remote database. */
  database?: string
  corsOrigins?: readonly string[]
  rateLimitPerMinute?: number
  trustProxy?: boolean
}

export interface ServerConfig {
  host: string
  port: number
  database: DatabaseLocation
  /** Others than this machine's own programs may reach it, so that it starts with a token only. */
  isCloud: boolean
  /** One proxy stands in front, whose X-Forwarded headers say who asks. */
  trustProxy: boolean
  apiToken?: string
  corsOrigins: readonly string[]
  /** Requests a minute and principal; 0 means none. Without a token there is no limit. */
  rateLimitPerMinute: number
  /** Where "yesterday" is meant when a caller names no clock; undefined: UTC. */
  timezone?: string
  paths: Paths
}

const LOCAL_PORT = 8026
const CLOUD_PORT = 8000
const RATE_LIMIT_PER_MINUTE = 6_000

/**
 * Flags win over the environment, which wins over the defaults.
 * @throws invalid_input for a database that can't be meant
 */
export function loadServerConfig(flags: ServerFlags, environment: Environment): ServerConfig {
  const paths = resolvePaths(environment)
  const database = loadDatabaseLocation(flags, environment)
  // A platform that routes to this machine from outside reaches no loopback.
  const host = flags.host ?? (isSet(environment.RAILWAY_ENVIRONMENT) ? '0.0.0.0' : '127.0.0.1')
  const trustProxy = flags.trustProxy ?? isSet(environment.BMFOTE_TRUST_PROXY)
  // A proxy in front brings in whoever reaches it, however local this server looks to itself.
  const isCloud = database.mode === 'remote' || !isLoopback(host) || trustProxy || hasCloudSwitch(environment)
  return {
    host,
    // A PORT that is no number becomes one that no server listens on, and is refused with a sentence there.
    port: flags.port ?? (environment.PORT ? Number(environment.PORT) : isCloud ? CLOUD_PORT : LOCAL_PORT),
    database,
    isCloud,
    trustProxy,
    apiToken: environment.API_TOKEN || undefined,
    corsOrigins: flags.corsOrigins ?? [],
    rateLimitPerMinute: flags.rateLimitPerMinute ?? RATE_LIMIT_PER_MINUTE,
    timezone: readTimezone(environment),
    paths,
  }
}

/** What made release 0.11.7 a server of the remote database, for others than its own machine. */
function hasCloudSwitch(environment: Environment): boolean {
  return isSet(environment.BMFOTE_REMOTE_DB) || isSet(environment.RAILWAY_ENVIRONMENT)
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false', 'no', 'off'].includes(value.toLowerCase())
}

/** Addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
