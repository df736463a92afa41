/**
 * Secrets that open nothing, made when the tests run: were they written here whole, every scanner that looks at this
 * repository would report them.
 */
export interface PlantedSecret {
  /** What the placeholder calls it. */
  kind: string
  /** The text that holds it, as somebody would paste it. */
  text: string
  /** The part that must not be kept. */
  secret: string
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()
const DIGITS = '0123456789'
const HEX = `${DIGITS}abcdef`
const ALNUM = UPPER + LOWER + DIGITS
const URL_SAFE = `${ALNUM}_-`
const BASE64 = `${ALNUM}+/`
const BASE32 = `${UPPER}234567`

/** The nineteen kinds that every way into the memory must keep out, anew for each seed. */
export function plantSecrets(seed = 1): PlantedSecret[] {
  const draw = drawer(seed)
  return [
    whole('github-token', `ghp${'_'}${draw(ALNUM, 36)}`),
    whole('github-token', `github${'_'}pat_${draw(ALNUM, 22)}_${draw(ALNUM, 59)}`),
    whole('anthropic-key', `sk-${'ant'}-api03-${draw(URL_SAFE, 93)}AA`),
    whole('openai-key', `sk-${'proj'}-${draw(URL_SAFE, 74)}${'T3Blbk'}FJ${draw(URL_SAFE, 74)}`),
    whole('openai-key', `sk${'-'}${draw(ALNUM, 20)}${'T3Blbk'}FJ${draw(ALNUM, 20)}`),
    within('aws-secret-key', 'aws_secret_access_key = ', draw(BASE64, 40)),
    whole('aws-access-key-id', `AK${'IA'}${draw(BASE32, 16)}`),
    whole('slack-token', `xox${'b'}-${draw(DIGITS, 12)}-${draw(DIGITS, 13)}-${draw(ALNUM, 24)}`),
    whole('stripe-key', `sk${'_live'}_${draw(ALNUM, 24)}`),
    whole('npm-token', `npm${'_'}${draw(ALNUM, 36)}`),
    whole('gitlab-token', `gl${'pat'}-${draw(URL_SAFE, 20)}`),
    whole('private-key', pem(draw)),
    within('url-password', 'postgres://app:', draw(ALNUM, 16), '@db.internal:5432/app'),
    whole('huggingface-token', `hf${'_'}${draw(UPPER + LOWER, 34)}`),
    whole('google-api-key', `AI${'za'}${draw(URL_SAFE, 35)}`),
    whole('jwt', jwt(draw)),
    within('bearer-token', 'Authorization: Bearer ', draw(ALNUM, 32)),
    within('password', 'DB_PASSWORD=', draw(ALNUM, 14)),
    within('jwt', 'TURSO_AUTH_TOKEN=', jwt(draw)),
  ]
}

function whole(kind: string, secret: string): PlantedSecret {
  return {kind, text: secret, secret}
}

function within(kind: string, before: string, secret: string, after = ''): PlantedSecret {
  return {kind, text: before + secret + after, secret}
}

type Draw = (chars: string, count: number) => string

/** The same text for the same seed, so that a failure can be repeated. */
function drawer(seed: number): Draw {
  let state = seed
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  return (chars, count) =>
    Array.from({length: count}, () => chars.charAt(Math.floor(next() * chars.length))).join('')
}

function pem(draw: Draw): string {
  const marker = (word: string) => `-----${word} RSA ${'PRIVATE'} KEY-----`
  const lines = Array.from({length: 12}, () => draw(BASE64, 64))
  return [marker('BEGIN'), ...lines, `${draw(BASE64, 22)}==`, marker('END')].join('\n')
}

function jwt(draw: Draw): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({alg: 'EdDSA', typ: 'JWT'})}.${encode({a: 'rw', id: draw(HEX, 32)})}.${draw(URL_SAFE, 86)}`
}
