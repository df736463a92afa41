import {CharacterSet} from './character-set.ts'
import {isPlaceholder, isStandIn} from './placeholder.ts'
import {readValueAt} from './read-value.ts'
import {meaningOf} from './secret-name.ts'
import type {SecretSpan} from './secret-span.ts'
import {secretKindOf} from './secret-value.ts'

/** Secrets among the arguments of a command: `--password …`, `--token …`, `sshpass -p …`, `curl -u user:…`. */
export function findArguments(text: string, found: SecretSpan[]): void {
  if (findNamedFlags(text, found)) findProgramFlags(text, found)
}

const FLAG = /--?([A-Za-z][A-Za-z0-9_-]{2,40}) /y

/** True when there is a flag that takes a password in some programs. */
function findNamedFlags(text: string, found: SecretSpan[]): boolean {
  let hasProgramFlag = false
  for (let at = text.indexOf(' -'); at >= 0; at = text.indexOf(' -', at + 2)) {
    hasProgramFlag ||= PROGRAM_FLAG_LETTERS.hasAt(text, at + 2) || text.startsWith('-user', at + 2)
    FLAG.lastIndex = at + 1
    const name = FLAG.exec(text)?.[1]
    const meaning = name && meaningOf(name)
    if (!meaning) continue
    const value = readValueAt(text, FLAG.lastIndex, {isWholeLine: false})
    const {start, end} = value
    if (text.charAt(start) === '-') continue
    const argument = {
      ...value,
      text: text.slice(start, end),
      name,
      meaning,
      isTight: false,
      isWholeLine: false,
    }
    const kind = secretKindOf(argument)
    if (kind) found.push({kind, start, end})
  }
  return hasProgramFlag
}

const PROGRAM_FLAG_LETTERS = new CharacterSet('pau')

/** The password is what follows the flag and, where there is one, the user's name. */
const PROGRAM_FLAGS: Readonly<Record<string, RegExp>> = {
  sshpass: / -p ?['"]?(?=([^\s'"]{3,128}))/,
  mysql: / -p['"]?(?=([^\s'"]{4,128}))/,
  'redis-cli': / -a ['"]?(?=([^\s'"]{4,128}))/,
  'docker login': / -p ['"]?(?=([^\s'"]{4,128}))/,
  curl: / (?:-u|--user)[ =]?['"]?[^\s:'"]{1,64}:(?=([^\s'"]{3,128}))/,
}

/** A line may begin with the two characters `\\n`, in text that went through JSON. */
const PROGRAM = /(?:\b|\\n)(sshpass|mysql|redis-cli|docker login|curl)(?:dump|admin)?(?= )/g

/** Up to the end of the command; never into the next one, so that no character is looked at twice. */
const COMMAND = /(?:\\\n|[^\n|;]){0,400}/y

function findProgramFlags(text: string, found: SecretSpan[]): void {
  const programs = [...text.matchAll(PROGRAM)]
  for (const [i, {0: word, 1: program = '', index}] of programs.entries()) {
    const start = index + word.length
    COMMAND.lastIndex = start
    const command = COMMAND.exec(text.slice(0, programs[i + 1]?.index))?.[0] ?? ''
    const match = PROGRAM_FLAGS[program]?.exec(command)
    const password = match?.[1]
    if (!match || !password || /^\d+$/.test(password) || isPlaceholder(password) || isStandIn(password))
      continue
    const passwordStart = start + match.index + match[0].length
    found.push({kind: 'password', start: passwordStart, end: passwordStart + password.length})
  }
}
