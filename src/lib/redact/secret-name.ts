/**
 * What the name of a variable, field, header or flag says of its value: a password may be short and made of words, a
 * token is long and random. Of some names only the value tells.
 */
export type NameMeaning = 'password' | 'token' | 'unclear'

/** Cheap, and right about nearly every name there is, which is no. */
export function mayMeanSecret(name: string): boolean {
  return HINT.test(name)
}

const HINT =
  /pass|pwd|secret|token|key|auth|cred|kennwort|contrase|senha|mot_de|пароль|密码|密碼|パスワード|비밀번호/i

export function meaningOf(name: string): NameMeaning | undefined {
  if (!mayMeanSecret(name)) return undefined
  if (PASSWORD.test(name) || PASS.test(name)) return 'password'
  if (TOKEN.test(name)) return HARMLESS.test(name) ? undefined : 'token'
  return MAYBE.test(name) && !HARMLESS.test(name) ? 'unclear' : undefined
}

/** What may come behind the word that matters: `TOKEN_PROD`, `password2`, `SECRET_KEY_BASE`. */
const SUFFIX = `(?:[_.-]?(?:${[
  '\\d{1,2}|old|new|current|prod(?:uction)?|dev(?:elopment)?|stag(?:e|ing)|live|test|local|default',
  'value|base64|b64|hex|plain|raw|base|string',
].join('|')}))?$`

const PASSWORD = new RegExp(
  `(?:${[
    'passw(?:or)?d|passphrase|passcode|pwd|sshpass|_passwd',
    'passwort|kennwort|contrase[nñ]a|senha|mot_de_passe|пароль|密码|密碼|パスワード|비밀번호',
  ].join('|')})${SUFFIX}`,
  'i',
)

/** By its case, for `bypass` and `compass` are no passwords, and `PASS` is what tests print. */
const PASS = /[_.-](?:pass|PASS)$|[a-z0-9]Pass$|^pass$/

const TOKEN = new RegExp(
  `(?:token|secret|credentials?|(?:${[
    'api|app|access|secret|private|auth|account|encrypt(?:ion)?|decrypt(?:ion)?|signing|master|service|role|admin|client',
    'consumer|shared|storage|licen[cs]e|deploy|webhook|jwt|cookie|hmac|cipher|vault|root|server|subscription',
    'functions?',
  ].join('|')})[_.-]?key)${SUFFIX}`,
  'i',
)

/** `SIGNING_KEY`, but `CACHE_KEY` too; `"auth": "dXNl…"`, but `AUTH=CRAM-MD5` too. */
const MAYBE = /^[A-Z][A-Z0-9_]*_KEY$|(?:^|[_.-])auth(?:orization)?$/i

/** Public by design, a place in a list, or the vocabulary of a parser. */
const HARMLESS = new RegExp(
  `(?:${[
    'public|pub|publishable|anon|site|csrf|xsrf|gpg|pgp|cache|partition|sort|primary|foreign|index|idempotency|dedup',
    'page|next|prev(?:ious)?|continu(?:ation|e)|cursor|sync|resume|cancel(?:lation)?|abort|start(?:ing)?|end|separator',
  ].join('|')})[_.-]?(?:page[_.-]?)?(?:token|key|secret)$`,
  'i',
)
