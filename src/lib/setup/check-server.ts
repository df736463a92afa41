import {BmfoteError} from '../model/errors.ts'

export interface ServerCheck {
  /** Where it is: another scheme than was asked for, when the server sends there. */
  url: string
  version?: string
  messages: number
  /** How far the clock of this machine is from the server's, as far as its answer tells. */
  clockSkewSeconds?: number
  notes: string[]
}

export interface CheckOptions {
  url: string
  token?: string
  fetch?: typeof fetch
  timeoutMs?: number
  now?: () => Date
}

const TIMEOUT_MS = 10_000
const HTTP_REDIRECTS = [301, 302, 303, 307, 308]

/** Whether a bmfote server answers there and takes the token. Throws a sentence that says which of the two is wrong. */
export async function checkServer(options: CheckOptions): Promise<ServerCheck> {
  const {url, response, notes} = await discover(options)
  const discovery = await readDiscovery(url, response)
  const stats = await askStats({...options, url})
  return {
    url,
    version: typeof discovery.version === 'string' ? discovery.version : undefined,
    messages: typeof stats.messages === 'number' ? stats.messages : 0,
    clockSkewSeconds: clockSkew(response, options.now?.() ?? new Date()),
    notes,
  }
}

/** The token is not sent here: this may be anybody. */
async function discover(options: CheckOptions): Promise<{url: string; response: Response; notes: string[]}> {
  const {url} = options
  const response = await reach(`${url}/`, options)
  if (!HTTP_REDIRECTS.includes(response.status)) return {url, response, notes: []}
  const location = response.headers.get('location') ?? ''
  const target = URL.canParse(location, `${url}/`) ? new URL(location, `${url}/`) : undefined
  const from = new URL(url)
  const isSamePlace =
    target?.hostname === from.hostname &&
    target.pathname.replace(/\/$/, '') === from.pathname.replace(/\/$/, '')
  if (!isSamePlace || target.protocol !== 'https:' || from.protocol === 'https:') {
    throw loginPage(url, target === undefined ? undefined : `it sends to ${target.origin}${target.pathname}`)
  }
  const moved = target.origin + target.pathname.replace(/\/+$/, '')
  return {
    url: moved,
    response: await reach(`${moved}/`, options),
    notes: [`${url} sends to ${moved}, which is taken.`],
  }
}

async function readDiscovery(url: string, response: Response): Promise<{version?: unknown}> {
  const text = await response.text()
  const body = parseJson(text)
  const isBmfote = typeof body === 'object' && body !== null && 'search' in body && 'fetch' in body
  if (isBmfote) return {version: 'version' in body ? body.version : undefined}
  if (/<html|<!doctype/i.test(text)) {
    const title = /<title[^>]*>([^<]{1,80})/i.exec(text)?.[1]?.trim()
    throw loginPage(url, title ? `it is a web page, "${title}"` : 'it is a web page')
  }
  if (response.status >= 500) {
    throw new BmfoteError('unavailable', `${url} answers with the error ${response.status}.`, {
      next: 'The server, or what stands before it, is not well: look at its log.',
    })
  }
  throw new BmfoteError('unavailable', `What answers at ${url} is not a bmfote server.`, {
    next: 'Check the address: it is the one that "bmfote server start" printed, or that your host gave it.',
  })
}

async function askStats(options: CheckOptions): Promise<{messages?: unknown}> {
  const {url, token} = options
  const headers: Record<string, string> = token === undefined ? {} : {authorization: `Bearer ${token}`}
  const response = await reach(`${url}/api/stats`, options, headers)
  const body = parseJson(await response.text())
  if (response.status === 401 || response.status === 403) throw wrongToken(url, token)
  if (!response.ok || typeof body !== 'object' || body === null) {
    throw new BmfoteError(
      'unavailable',
      `The server at ${url} answers, but its memory does not (${response.status}).`,
      {
        next: `Look at its log, and at ${url}/health`,
      },
    )
  }
  return body
}

async function reach(
  address: string,
  {url, timeoutMs = TIMEOUT_MS, ...options}: CheckOptions,
  headers: Record<string, string> = {},
): Promise<Response> {
  try {
    return await (options.fetch ?? fetch)(address, {
      headers: {accept: 'application/json', ...headers},
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    throw unreachable(url, error, timeoutMs)
  }
}

function wrongToken(url: string, token: string | undefined): BmfoteError {
  if (token === undefined) {
    return new BmfoteError('unauthorized', `The server at ${url} wants a token.`, {
      next: 'Give the one that it was started with (its API_TOKEN): --token TOKEN, or BMFOTE_TOKEN in the environment.',
    })
  }
  return new BmfoteError('unauthorized', `The server at ${url} answers, but does not take this token.`, {
    next: 'The address is right, the token is not: it is the API_TOKEN that the server was started with.',
  })
}

function loginPage(url: string, what: string | undefined): BmfoteError {
  const because = what === undefined ? '' : ` (${what})`
  return new BmfoteError('unavailable', `What answers at ${url} is not bmfote${because}.`, {
    next: 'A proxy may want you to sign in before it lets anybody through: hooks can’t. Give an address that is reached without.',
  })
}

/** What the runtimes call the same thing, node by the cause's code and bun by the error's own. */
const REASONS: readonly {codes: RegExp; reason: string; next: string}[] = [
  {
    codes: /ENOTFOUND|EAI_AGAIN|FailedToOpenSocket|DNS/i,
    reason: 'there is no such host',
    next: 'Check the address, and that this machine is online.',
  },
  {
    codes: /ECONNREFUSED|ConnectionRefused/i,
    reason: 'nothing listens there',
    next: 'Check the port, and that the server runs.',
  },
  {
    codes: /CERT|SELF_SIGNED|SIGNATURE|ERR_TLS|ALTNAME|SSL/i,
    reason: 'its certificate can’t be trusted',
    next: 'Check the address. For a certificate of your own, NODE_EXTRA_CA_CERTS names its authority.',
  },
]

function unreachable(url: string, error: unknown, timeoutMs: number): BmfoteError {
  const {name, code, cause, message} = error as Error & {code?: string}
  if (name === 'TimeoutError') {
    return new BmfoteError(
      'unavailable',
      `The server at ${url} did not answer within ${timeoutMs / 1000} seconds.`,
      {
        next: 'Check the address; a firewall may be in between.',
        cause: error,
      },
    )
  }
  const codes = [code, (cause as {code?: string} | undefined)?.code, message].join(' ')
  const known = REASONS.find((each) => each.codes.test(codes))
  return new BmfoteError(
    'unavailable',
    `The server at ${url} can't be reached${known ? `: ${known.reason}` : ''}.`,
    {
      next: known?.next ?? 'Check the address, and that the server runs.',
      cause: error,
    },
  )
}

function clockSkew(response: Response, now: Date): number | undefined {
  const date = Date.parse(response.headers.get('date') ?? '')
  return Number.isNaN(date) ? undefined : Math.round((now.getTime() - date) / 1000)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
