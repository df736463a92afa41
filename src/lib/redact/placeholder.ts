/**
 * What documentation, templates and tests write where a secret would stand. `looksInvented` is for tokens of known
 * formats, whose random part may hold any short word by chance; the others are for what was assigned to a name.
 */

export function looksInvented(token: string): boolean {
  return INVENTED.test(token) || hasFewCharacters(token) || isKebab(token)
}

/** Says that a secret belongs here, or where it is to be had: `<your-token>`, `${API_KEY}`, `process.env.TOKEN`. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || hasFewCharacters(value)
}

/**
 * Words that stand for a password or token: `secret`, `my-token`, `test_user`. With digits only where the words say
 * that it is for tests, for who sets `admin1234` may use it.
 */
export function isStandIn(value: string): boolean {
  return isMadeOfStandIns(/test|fake|mock|demo|foo/i.test(value) ? withoutEnd(value) : value)
}

/** With a few digits too: `password123`, `Secret1!`. Code is full of them. */
export function isTutorialValue(value: string): boolean {
  return isMadeOfStandIns(withoutEnd(value))
}

const INVENTED = /example|placeholder|redacted|your[-_]|x{6}|\*{3}|\.{3}|\u2026/i

const PLACEHOLDER = new RegExp(
  [
    'example|placeholder|redacted|removed|masked|hidden|censored|your|change.?(?:me|this|it)|replace|insert|dummy|sample|fixme',
    'x{4}|\\*{3}|\\.{3}|\\u2026|\\u2022{3}',
    '<[^>]{0,80}>|\\{[^}]{0,80}\\}|^\\$|\\$\\{|\\$\\(|^%[A-Za-z_]+%$|^%[a-z]$|^!(?:Ref|Sub|GetAtt|secret|vault|env)\\b',
    '^[*&][a-z]\\w*$|process\\.env|import\\.meta|environ|getenv|\\bsecrets\\.|\\benv\\.|vault:|op:/|arn:|ssm:',
  ].join('|'),
  'i',
)

const STAND_INS = `
  pass password passwd passphrase passcode pwd secret token key keys hash login prompt credential credentials
  test tester testing fake mock demo foo bar baz abc abcd abcdef qwerty letmein welcome
  admin root user guest client service web app api db local dev prod staging server
  postgres mysql mariadb mongo redis rabbitmq minio
  my the some a an new old super default access auth bearer basic jwt in valid invalid wrong bad correct hashed plain
  encrypted not no is strong secure very top
  string value none null nil undefined true false yes empty unset required optional missing disabled enabled todo unknown
  anonymous public private here
`

/** Longer words first, so that the first that fits is the right one. */
const STAND_INS_BY_LETTER = Map.groupBy(
  STAND_INS.trim()
    .split(/\s+/)
    .sort((a, b) => b.length - a.length),
  (word) => word.charAt(0),
)

function isMadeOfStandIns(value: string): boolean {
  const lower = value.toLowerCase()
  let position = 0
  while (position < lower.length) {
    const letter = lower.charAt(position)
    const word = STAND_INS_BY_LETTER.get(letter)?.find((standIn) => lower.startsWith(standIn, position))
    if (word === undefined && !'-_. '.includes(letter)) return false
    position += word?.length ?? 1
  }
  return true
}

function withoutEnd(value: string): string {
  return value.replace(/[-_.]?[0-9]{1,4}[!.]?$/, '')
}

function hasFewCharacters(value: string): boolean {
  if (value.length < 8) return false
  const seen = new Set<string>()
  for (const char of value) if (seen.add(char).size > 3) return false
  return true
}

/** `loading-circle-2-before`: names, as in code and style sheets. */
function isKebab(value: string): boolean {
  return /[-_]/.test(value) && value.split(/[-_]/).every((part) => KEBAB_PART.test(part))
}

const KEBAB_PART = /^(?:[a-z]{0,14}[0-9]{0,2}|[0-9]{1,4}|[A-Z][a-z]{1,13})$/
