/**
 * What the binary has in place of oclif's front door, which loads all of oclif and checks the version of Node at every
 * start. A command that needs more of oclif adds it here, or imports it by its own path (`@oclif/core/help`).
 */
export * as Args from '@oclif/core/args'
export {Command} from '@oclif/core/command'
export * as Errors from '@oclif/core/errors'
export * as Flags from '@oclif/core/flags'
