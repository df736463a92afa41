import {BmfoteError} from '../model/errors.ts'
import type {Detail, FileEdit} from './change.ts'
import type {Connection} from './tool.ts'

/** What stands in bmfote.env, for hooks, the terminal and stdio MCP. Lines that are not ours stay as they are. */
export function envFileEdit(path: string, connection: Connection): FileEdit {
  const {url, token, workspaceId, author, promptRecall} = connection
  const wanted: [string, string | undefined][] = [
    ['BMFOTE_URL', url],
    ['BMFOTE_TOKEN', token],
    ['BMFOTE_WORKSPACE', workspaceId],
    ['BMFOTE_AUTHOR', author],
    ['BMFOTE_PROMPT_RECALL', promptRecall ? '1' : undefined],
  ]
  return {
    path,
    purpose: 'where the memory is, and as whom you speak',
    access: 'private',
    install(text) {
      const details: Detail[] = []
      let edited = text ?? ''
      for (const [name, value] of wanted) {
        const before = edited
        edited = putLine(edited, name, value)
        if (edited !== before) details.push(describeLine(name, value, linesOf(before, name).length > 0))
      }
      return {text: edited, details}
    },
    uninstall(text, original) {
      let edited = text
      for (const [name] of wanted) edited = putLine(edited, name, undefined)
      const isOurs = original === undefined || original === ''
      return isOurs && edited.trim() === '' ? undefined : edited
    },
  }
}

function describeLine(name: string, value: string | undefined, isThere: boolean): Detail {
  if (value === undefined) return {sign: '-', text: name}
  const shown = name === 'BMFOTE_TOKEN' ? '(your token)' : value
  return {sign: isThere ? '~' : '+', text: `${name}=${shown}`}
}

const EOL = /\r?\n/

/** The line that sets a variable holds this value, and no other line sets it; undefined: none does. */
function putLine(text: string, name: string, value: string | undefined): string {
  const [first] = linesOf(text, name)
  const line = value === undefined ? undefined : `${name}=${quote(name, value)}`
  if (first === undefined) return line === undefined ? text : appendLine(text, line)
  if (line !== undefined && first === line && linesOf(text, name).length === 1) return text
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = text.split(EOL)
  const index = lines.indexOf(first)
  const others = lines.flatMap((each, at) => {
    if (at === index) return line === undefined ? [] : [line]
    return sets(each, name) ? [] : [each]
  })
  return others.join(eol)
}

function appendLine(text: string, line: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const separator = text === '' || text.endsWith('\n') ? '' : eol
  return `${text}${separator}${line}${eol}`
}

function linesOf(text: string, name: string): string[] {
  return text.split(EOL).filter((line) => sets(line, name))
}

function sets(line: string, name: string): boolean {
  return new RegExp(`^\\s*(?:export\\s+)?${name}\\s*[=:]`).test(line)
}

/** So that dotenv and a shell both read the same value. */
function quote(name: string, value: string): string {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value
  if (/[\r\n\0]/.test(value)) throw new BmfoteError('invalid_input', `${name} must be one line.`)
  if (!value.includes("'")) return `'${value}'`
  if (!/["`$\\]/.test(value)) return `"${value}"`
  throw new BmfoteError('invalid_input', `${name} can't hold a single quote together with " \` $ or \\.`)
}
