import {isLoopback} from '../config/server-config.ts'
import {BmfoteError} from '../model/errors.ts'

export interface ServerAddress {
  /** Scheme, host and path, without a slash at the end. */
  url: string
  /** What was made of what was typed, each a sentence. */
  notes: string[]
}

/** The address as it was meant; throws `invalid_input` when there is no telling. */
export function readServerAddress(typed: string): ServerAddress {
  const notes: string[] = []
  const given = typed.trim()
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `${schemeFor(given)}://${given}`
  if (withScheme !== given) notes.push(`${given} has no scheme: taken as ${withScheme}.`)
  if (!URL.canParse(withScheme)) throw notAnAddress(typed)
  const url = new URL(withScheme)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw notAnAddress(typed)
  if (url.username !== '' || url.password !== '') {
    throw new BmfoteError('invalid_input', 'The address holds a name or a password.', {
      next: 'Give the address without them, and the token with --token.',
    })
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(?:mcp|health|openapi\.json|api(?:\/.*)?)$/, '')
  const address = url.origin + path
  if (url.search !== '' || url.hash !== '' || !withScheme.replace(/\/+$/, '').endsWith(path)) {
    notes.push(`The server's address is ${address}: what follows it was left out.`)
  } else if (/\/$/.test(given)) notes.push('The slash at the end of the address was left out.')
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    notes.push(`${address} is not encrypted: whoever is on the way reads the token and all that is said.`)
  }
  return {url: address, notes}
}

/** An address without a scheme is one of the web, unless it is this machine's. */
function schemeFor(address: string): string {
  const host = address.split(/[/:]/)[0] ?? ''
  return isLoopback(host) ? 'http' : 'https'
}

function notAnAddress(typed: string): BmfoteError {
  return new BmfoteError('invalid_input', `"${typed}" is not the address of a server.`, {
    next: 'It looks like https://memory.example.com',
  })
}
