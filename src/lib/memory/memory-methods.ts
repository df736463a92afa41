import type {Memory} from './memory.ts'

/** Writes go to the one thread that writes, one after the other; a slow search never holds them up. */
export const WRITE_METHODS = [
  'recordMessages',
  'recordSession',
  'remember',
  'deleteMessages',
] as const satisfies (keyof Memory)[]

export const READ_METHODS = [
  'searchMessages',
  'findErrors',
  'recall',
  'getMessage',
  'listRecent',
  'listProject',
  'listSessions',
  'getStats',
  'exportPage',
  'checkHealth',
] as const satisfies (keyof Memory)[]

/** An object that has these methods, each of which is one call. */
export function methods(
  names: readonly string[],
  call: (method: string, args: unknown[]) => Promise<unknown>,
): Record<string, (...args: unknown[]) => Promise<unknown>> {
  return Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => call(name, args)]))
}
