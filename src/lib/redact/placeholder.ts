/**
 * What documentation, templates and tests write where a secret would stand. `looksInvented` is for tokens of known
 * formats, whose random part may hold any short word by chance; the others are for what was assigned to a name.
 */

export function looksInvented(token: string): boolean {
  return INVENTED.test(token) || hasFewCharacters(token) || isWords(token)
}

/** Says that a secret belongs here, or where it is to be had: `<your-token>`, `${API_KEY}`, `process.env.TOKEN`. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || hasFewCharacters(value)
}

/** Words that stand for a password or token: `secret`, `my-token`, `test_user`. */
export function isStandIn(value: string): boolean {
  return value.length <= STAND_IN_CHARS_MAX && STAND_IN.test(value)
}

/** With a few digits too: `password123`, `Test1!`. Code is full of them. */
export function isTutorialValue(value: string): boolean {
  return isStandIn(value.replace(/[-_.]?\d{1,4}[!.]?$/, ''))
}

const INVENTED = /example|placeholder|redacted|your[-_]|x{6}|\*{3}|\.{3}|\u2026/i

const PLACEHOLDER = new RegExp(
  [
    'example|placeholder|redacted|removed|masked|hidden|censored|your|change.?(?:me|this|it)|replace|insert|dummy|sample|fixme',
    'x{4}|\\*{3}|\\.{3}|\\u2026|\\u2022{3}',
    '<[^>]*>|\\{[^}]*\\}|^\\$|\\$\\{|\\$\\(|^%[A-Za-z_]+%$|^%[a-z]$|^!(?:Ref|Sub|GetAtt|secret|vault|env)\\b|^[*&][a-z]\\w*$',
    'process\\.env|import\\.meta|environ|getenv|\\bsecrets\\.|\\benv\\.|vault:|op:/|arn:|ssm:',
  ].join('|'),
  'i',
)

const STAND_IN_CHARS_MAX = 40

const STAND_IN = new RegExp(
  `^(?:${[
    'my|the|some|an?|new|old|super|default|api|db|access|auth|bearer|jwt|(?:in)?valid|wrong|bad|correct|fake|mock|hashed|plain',
    'encrypted|not|no|is|strong|secure|very|top|pass(?:word|wd|phrase|code)?|pwd|secret|token|key|test(?:er|ing)?|admin|root|user',
    'guest|demo|postgres|mysql|mariadb|mongo|redis|rabbitmq|minio|foo|bar|baz|abc(?:d(?:ef)?)?|qwerty|letmein|welcome|string',
    'value|none|null|nil|undefined|true|false|yes|empty|unset|required|optional|missing|disabled|enabled|todo|unknown',
    'anonymous|public|private|here|hash|basic|login|prompt|credentials?|client|service|web|app|local|dev|prod|staging',
  ].join('|')}|[-_. ])*$`,
  'i',
)

function hasFewCharacters(value: string): boolean {
  if (value.length < 8) return false
  const seen = new Set<string>()
  for (const char of value) if (seen.add(char).size > 3) return false
  return true
}

/** `loading-circle-2-before`: names, as in code and style sheets. */
function isWords(value: string): boolean {
  return value.split(/[-_]/).every((part) => WORD.test(part)) && /[-_]/.test(value)
}

const WORD = /^(?:[a-z]{0,14}\d{0,2}|\d{1,4}|[A-Z][a-z]{1,13})$/
