import {BmfoteError} from '../model/errors.ts'
import type {FileEdit} from './change.ts'

const BEGIN = '<!-- bmfote: begin. Written by "bmfote setup", taken away by "bmfote setup remove". -->'
const END = '<!-- bmfote: end -->'
const BLOCK = /\n?<!-- bmfote: begin[^\n]*-->\n[\s\S]*?<!-- bmfote: end -->\n?/

/** Our rules as a marked block in a file of rules that belongs to the person. */
export function rulesBlock(options: {path: string; rules: string; charactersMax: number}): FileEdit {
  const {path, rules, charactersMax} = options
  const block = `${BEGIN}\n${rules.trimEnd()}\n${END}\n`
  return {
    path,
    purpose: 'the rule to recall first and to remember decisions',
    install(text = '') {
      const edited = withBlock(text, block)
      if (edited.length > charactersMax) throw tooLong(path, charactersMax)
      return {text: edited, details: [{sign: BLOCK.test(text) ? '~' : '+', text: 'a block of rules'}]}
    },
    uninstall(text, original) {
      const without = text.replace(BLOCK, '')
      const isOurs = original === undefined || original === ''
      return isOurs && without.trim() === '' ? undefined : without
    },
  }
}

function withBlock(text: string, block: string): string {
  const old = BLOCK.exec(text)?.[0]
  if (old === undefined) {
    const lineEnd = text === '' || text.endsWith('\n') ? '' : '\n'
    return text === '' ? block : `${text}${lineEnd}\n${block}`
  }
  return text.replace(old, () => `${old.startsWith('\n') ? '\n' : ''}${block}`)
}

function tooLong(path: string, charactersMax: number): BmfoteError {
  const limit = charactersMax.toLocaleString('en-US')
  return new BmfoteError(
    'conflict',
    `${path} would be longer than ${limit} characters, beyond which it is not read.`,
    {
      next: 'Nothing was changed. Make it shorter, then say it again.',
    },
  )
}
