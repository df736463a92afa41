import {BmfoteError} from '../model/errors.ts'

/** Where agents reach the memory of the server at this address. */
export function mcpUrlOf(serverUrl: string): string {
  if (!URL.canParse(serverUrl) || !/^https?:$/.test(new URL(serverUrl).protocol)) {
    throw new BmfoteError('invalid_input', `BMFOTE_URL is no address: "${serverUrl.slice(0, 200)}".`, {
      next: 'It begins with https://, as in https://memory.example.com',
    })
  }
  return `${serverUrl.replace(/\/+$/, '')}/mcp/`
}

/** Whether a vault would send the credential of the one to the other: only these differences don't matter to it. */
export function isSameMcpUrl(a: string, b: string): boolean {
  return normalize(a) === normalize(b)
}

function normalize(url: string): string {
  if (!URL.canParse(url)) return url
  const {protocol, host, username, password, pathname, search} = new URL(url)
  return [protocol, host, username, password, pathname.replace(/\/$/, ''), search].join(' ')
}
