import type {Environment} from './environment.ts'

/** The one place that reads `process.env`; everything else is handed an `Environment`. */
export function processEnvironment(): Environment {
  return process.env
}
