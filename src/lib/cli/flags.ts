import {Args, Flags} from '@oclif/core'

/**
 * Flags and arguments that more than one command takes, defined once. A default that depends on HOME, the folder or
 * the clock needs `noCacheDefault: true`: the manifest is made on another machine.
 */
export const workspaceFlag = Flags.string({
  char: 'w',
  description: 'workspace to use (default: bmfote-default)',
  env: 'BMFOTE_WORKSPACE',
  helpValue: 'NAME',
})

export const projectFlag = Flags.string({
  char: 'p',
  description: 'only this project',
  helpValue: 'NAME',
})

/** A limit out of range is clamped by the memory, as over REST: the flag only refuses what is no number. */
export function limitFlag(options: {default: number; max: number}) {
  return Flags.integer({
    char: 'n',
    description: `how many at most (up to ${options.max})`,
    default: options.default,
    helpValue: 'N',
  })
}

/**
 * Words that need no quotes: `bmfote search what was the ICP`. Read them with `joinWords(args.query)`. A word that
 * starts with a dash is taken for a flag, and the person is told to put `--` before it.
 */
export function wordsArg(options: {description: string; required: boolean}) {
  return Args.string({...options, multiple: true, ignoreStdin: true})
}

/** oclif types a repeatable argument as one string, and gives an array. */
export function joinWords(words: string | readonly string[] | undefined): string {
  if (words === undefined) return ''
  return typeof words === 'string' ? words : words.join(' ')
}
