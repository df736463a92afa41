import type {Config} from '@oclif/core/config'
import {Help} from '@oclif/core/help'
import {findCommand} from './find-command.ts'
import {showStartPage} from './start-page.ts'

/** No words at all is a person who only typed `bmfote`. */
export async function showHelp(config: Config, words: string[] | undefined): Promise<void> {
  if (words === undefined) return showStartPage()
  const help = new Help(config, {respectNoCacheDefault: true})
  if (words.length === 0) return help.showHelp([])
  const found = findCommand(config, words)
  await help.showHelp(found.id.split(':'))
}
